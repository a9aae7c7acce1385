import { readEvents } from "./event_stream.js";
import { MeetvoError } from "./problem.js";
import { type Fetch, type RetryOptions, attempt, backoff, isTemporary, sleep } from "./retry.js";
import type { components, paths } from "./schema.js";

export type Change = components["schemas"]["Change"];

type PageQuery = NonNullable<paths["/v1/changes"]["get"]["parameters"]["query"]>;

/** Options of a stream of changes. */
export interface FollowOptions extends Pick<PageQuery, "after" | "kind" | "operation"> {
  /** Ends the iteration, without an error. */
  signal?: AbortSignal;
  /** Maximum silence of the service, which sends a heartbeat each 15 s, in milliseconds. 45,000 by default. */
  idleTimeoutMs?: number;
  /** Receives the error of each lost connection, or null if the service ended the stream. For logs. */
  onDisconnect?: (error: unknown) => void;
}

/** Returns the request of a connection, with fresh credentials. */
export type Connect = (headers: Record<string, string>, signal: AbortSignal) => Promise<Request>;

/** Delay before a connection, in milliseconds, until the service sends another one. */
const RECONNECT_MS = 2_000;
const IDLE_MS = 45_000;

/**
 * Changes as they are committed. The iteration reconnects after each lost connection and resumes
 * after the last position, so that it yields each change once.
 *
 * It fails with a `MeetvoError` if a retry cannot help, for example with the code `cursor_expired`.
 */
export class ChangeStream implements AsyncIterable<Change> {
  /** Position of the iteration. Store it after a change has been processed, to continue there later. */
  cursor: string | undefined;
  readonly #fetch: Fetch;
  readonly #connect: Connect;
  readonly #options: FollowOptions;
  readonly #retry: Required<RetryOptions>;
  #delayMs = RECONNECT_MS;
  #failures = 0;

  constructor(fetch: Fetch, connect: Connect, options: FollowOptions, retry: Required<RetryOptions>) {
    this.#fetch = fetch;
    this.#connect = connect;
    this.#options = options;
    this.#retry = retry;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change, void, undefined> {
    const controller = new AbortController();
    const { signal } = controller;
    const stop = () => controller.abort(this.#options.signal?.reason);
    this.#options.signal?.addEventListener("abort", stop, { once: true });
    if (this.#options.signal?.aborted) stop();
    try {
      while (!signal.aborted) {
        yield* this.#changes(signal);
        await sleep(this.#delayMs * Math.random() + backoff(this.#failures, this.#retry), signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#options.signal?.removeEventListener("abort", stop);
      controller.abort();
    }
  }

  /** Yields the changes of one connection until it is lost. */
  async *#changes(signal: AbortSignal): AsyncGenerator<Change, void, undefined> {
    const headers: Record<string, string> = { accept: "text/event-stream" };
    // The header takes precedence over `after` in the query.
    if (this.cursor !== undefined) headers["last-event-id"] = this.cursor;
    // Outside of the `try`, because an error of the caller's token function is not a lost connection.
    const request = await this.#connect(headers, signal);
    let lost: unknown = null;
    try {
      const idleMs = this.#options.idleTimeoutMs ?? IDLE_MS;
      for await (const event of readEvents(await this.#open(request, idleMs), idleMs)) {
        this.#failures = 0;
        this.cursor = event.id ?? this.cursor;
        if (event.retry !== undefined) this.#delayMs = Number(event.retry);
        if (event.event === "change" && event.data !== undefined) yield JSON.parse(event.data) as Change;
      }
    } catch (error) {
      if (signal.aborted || (error instanceof MeetvoError && !isTemporary(error.status))) throw error;
      this.#failures += 1;
      lost = error;
      const asked = error instanceof MeetvoError ? error.retryAfterMs : null;
      if (asked !== null) await sleep(asked, signal);
    }
    this.#options.onDisconnect?.(lost);
  }

  async #open(request: Request, timeoutMs: number): Promise<ReadableStream<Uint8Array>> {
    const response = await attempt(this.#fetch, request, timeoutMs);
    if (!(response instanceof Response)) throw response.error;
    if (!response.ok) throw await MeetvoError.from(response);
    if (response.body === null) throw new Error("the response of the stream has no body");
    return response.body;
  }
}
