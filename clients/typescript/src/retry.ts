import { retryAfterMs } from "./problem.js";

/** Retries of requests. */
export interface RetryOptions {
  /** Maximum number of retries of a request. 4 by default; 0 disables retries. */
  retries?: number;
  /** Maximum delay before the first retry, in milliseconds. It doubles with each retry. 250 by default. */
  baseDelayMs?: number;
  /** Maximum delay before a retry, in milliseconds. 10,000 by default. */
  maxDelayMs?: number;
  /** If `Retry-After` is longer, in milliseconds, the request fails. 60,000 by default. */
  maxRetryAfterMs?: number;
  /** Maximum time until a response begins, in milliseconds. 60,000 by default, longer than `wait` can be. */
  timeoutMs?: number;
}

export type Fetch = (request: Request) => Promise<Response>;

export const RETRY_DEFAULTS: Required<RetryOptions> = {
  retries: 4,
  baseDelayMs: 250,
  maxDelayMs: 10_000,
  maxRetryAfterMs: 60_000,
  timeoutMs: 60_000,
};

/** Methods that can be repeated without another effect. */
const IDEMPOTENT = ["GET", "HEAD", "OPTIONS"];
/** The service is overloaded or stops, or a proxy cannot reach it. */
const TEMPORARY = [429, 502, 503, 504];

export const isTemporary = (status: number): boolean => TEMPORARY.includes(status);

/** Returns a random delay, so that clients do not retry at the same time. */
export function backoff(failures: number, options: Required<RetryOptions>): number {
  return Math.random() * Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** failures);
}

/** Returns a `fetch` that repeats idempotent requests after temporary errors. */
export function retryingFetch(fetch: Fetch, options: Required<RetryOptions>): Fetch {
  return async (request) => {
    const retries = IDEMPOTENT.includes(request.method) ? options.retries : 0;
    for (let failures = 0; ; failures += 1) {
      const result = await attempt(fetch, request, options.timeoutMs);
      const isLast = failures >= retries || request.signal.aborted;
      if (result instanceof Response) {
        const asked = retryAfterMs(result) ?? 0;
        if (isLast || !isTemporary(result.status) || asked > options.maxRetryAfterMs) return result;
        await result.body?.cancel();
        await sleep(asked + backoff(failures, options), request.signal);
      } else {
        if (isLast) throw result.error;
        await sleep(backoff(failures, options), request.signal);
      }
    }
  };
}

/** Sends a request once, and returns the response or the error of the network. */
export async function attempt(
  fetch: Fetch,
  request: Request,
  timeoutMs: number,
): Promise<Response | { error: unknown }> {
  const controller = new AbortController();
  const abort = () => controller.abort(request.signal.reason);
  const timer = setTimeout(() => {
    controller.abort(new DOMException(`no response after ${timeoutMs} ms`, "TimeoutError"));
  }, timeoutMs);
  request.signal.addEventListener("abort", abort, { once: true });
  const sent = new Request(request, { signal: controller.signal });
  const aborted = new Promise<never>((_, reject) => {
    // The listener refers to the request: Node.js 18 and 20 ignore the signal of a request that was
    // garbage-collected while `fetch` waits.
    controller.signal.addEventListener("abort", () => reject(sent.signal.reason ?? controller.signal.reason));
  });
  if (request.signal.aborted) abort();
  try {
    return await Promise.race([fetch(sent), aborted]);
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}

/** Waits, and rejects with the reason of the signal if it is aborted. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
