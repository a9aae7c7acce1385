import type { components } from "./schema.js";

/** Problem document. One of a proxy, or of this client, belongs to no request of the service. */
type Problem = Omit<components["schemas"]["Problem"], "request_id"> & { request_id: string | null };

/** Error response of the service. Programs decide by `code` or `status`. */
export class MeetvoError extends Error {
  override readonly name = "MeetvoError";
  /** HTTP status. */
  readonly status: number;
  /** Stable code of the problem, such as `not_found`. `http_error` if a proxy answered. */
  readonly code: string;
  /** Name of the HTTP status. */
  readonly title: string;
  /** Explanation for people. The wording can change. */
  readonly detail: string;
  /** ID of the request in the log of the service. */
  readonly requestId: string | null;
  /** Value of the header `Retry-After` in milliseconds; null if the response has none. */
  readonly retryAfterMs: number | null;

  constructor(problem: Problem, retryAfterMs: number | null = null) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.requestId = problem.request_id;
    this.retryAfterMs = retryAfterMs;
  }

  /** Reads the problem document of a response. */
  static async from(response: Response): Promise<MeetvoError> {
    const text = await response.text();
    return new MeetvoError(parse(text) ?? fallback(response), retryAfterMs(response));
  }

  /** Returns the problem document, which a server can pass on to its own caller. */
  toJSON(): Problem {
    const { title, status, code, detail, requestId } = this;
    return { title, status, code, detail, request_id: requestId };
  }
}

/** Returns the time to wait that a response asks for. */
export function retryAfterMs(response: Response): number | null {
  const value = response.headers.get("retry-after");
  if (value === null) return null;
  const seconds = Number(value);
  const delay = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return Number.isNaN(delay) ? null : Math.max(0, delay);
}

function parse(text: string): Problem | null {
  try {
    const body: unknown = JSON.parse(text);
    const isProblem = typeof body === "object" && body !== null && "code" in body && "status" in body;
    return isProblem ? (body as Problem) : null;
  } catch {
    return null;
  }
}

/** Returns the problem of a response without a problem document, for example of a proxy. */
function fallback(response: Response): Problem {
  const detail = "The response is not from the service.";
  const { status, statusText } = response;
  return { title: statusText, status, code: "http_error", detail, request_id: null };
}
