// A minimal client, typed by the API description.

import type { components, paths } from "./schema.d.ts";

export type User = components["schemas"]["User"];
export type Change = components["schemas"]["Change"];
type Problem = components["schemas"]["Problem"];

/** The paths without parameters that return JSON. */
type Readable = {
  [P in keyof paths]: P extends `${string}{${string}` ? never : paths[P] extends { get: { responses: { 200: { content: { "application/json": unknown } } } } } ? P : never;
}[keyof paths];

type Answer<P extends Readable> = paths[P]["get"]["responses"][200]["content"]["application/json"];
type Query<P extends Readable> = paths[P]["get"] extends { parameters: { query?: infer Q } } ? Q : never;

/** An error response of the service. Programs decide by `problem.code`. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export class Client {
  constructor(
    private readonly service: string,
    /** Returns a fresh session token. Each request calls it, because a token expires after a minute. */
    private readonly token: () => Promise<string | null>,
  ) {}

  /** Reads a resource. */
  async get<P extends Readable>(path: P, query?: Query<P>): Promise<Answer<P>> {
    const parameters = new URLSearchParams(Object.entries(query ?? {}).map(([name, value]) => [name, String(value)]));
    const response = await this.request(`${path}?${parameters}`, "application/json");
    return (await response.json()) as Answer<P>;
  }

  /** Yields the changes of the signed-in user until the stream ends. To resume, call it again with the last cursor. */
  async *changes(after?: string): AsyncGenerator<Change> {
    const query = after === undefined ? "" : `?after=${after}`;
    const response = await this.request(`/v1/me/changes${query}`, "text/event-stream");
    let text = "";
    for await (const part of texts(response)) {
      text += part;
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const data = event.split("\n").find((line) => line.startsWith("data: "));
        if (data !== undefined) yield JSON.parse(data.slice("data: ".length)) as Change;
      }
    }
  }

  private async request(path: string, accept: string): Promise<Response> {
    const headers = new Headers({ accept, authorization: `Bearer ${(await this.token()) ?? ""}` });
    const response = await fetch(this.service + path, { headers });
    if (!response.ok) throw new ApiError((await response.json()) as Problem);
    return response;
  }
}

async function* texts(response: Response): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) yield read.value;
}
