/** Event of a `text/event-stream`. */
export interface ServerSentEvent {
  /** Position after the event. The service also sends it without data, as a heartbeat. */
  id?: string;
  event?: string;
  data?: string;
  /** Delay before the next connection, in milliseconds. */
  retry?: string;
}

/**
 * Reads the events of a response. An incomplete event at the end is dropped.
 *
 * Parsers of the registry drop events without data, but the `id` of a heartbeat is the position at
 * which the next connection resumes.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>, idleMs: number): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await withTimeout(reader.read(), idleMs);
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) yield parseEvent(block);
    }
  } finally {
    // The connection can already be lost.
    await reader.cancel().catch(() => undefined);
  }
}

function parseEvent(block: string): ServerSentEvent {
  const fields = block.split("\n").map((line) => /^(id|event|data|retry): ?(.*)$/.exec(line));
  return Object.fromEntries(fields.filter((field) => field !== null).map(([, name, value]) => [name, value]));
}

/** Rejects if a promise takes too long: a lost connection can stay silent. */
async function withTimeout<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DOMException(`no heartbeat in ${milliseconds} ms`, "TimeoutError"));
    }, milliseconds);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
