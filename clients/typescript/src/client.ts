import createClient, { type Client } from "openapi-fetch";

import { ChangeStream, type FollowOptions } from "./changes.js";
import { type Headers as CallerHeaders, callerCredentials } from "./caller.js";
import { MeetvoError } from "./problem.js";
import { type Fetch, RETRY_DEFAULTS, type RetryOptions, retryingFetch } from "./retry.js";
import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];
export type User = Schemas["User"];
export type Organization = Schemas["Organization"];
export type Membership = Schemas["Membership"];

/** Paths of the calls that read JSON. */
export type ReadPath = {
  [P in keyof paths]: paths[P] extends {
    get: { responses: { 200: { content: { "application/json": unknown } } } };
  }
    ? P
    : never;
}[keyof paths];

/** JSON of a response. */
export type Json<P extends ReadPath> = paths[P]["get"] extends {
  responses: { 200: { content: { "application/json": infer Body } } };
}
  ? Body
  : never;

/** Query parameters of a call. */
export type Query<P extends ReadPath> = paths[P]["get"] extends { parameters: { query?: infer Q } } ? NonNullable<Q> : never;

/** Paths of the lists. */
export type ListPath = {
  [P in ReadPath]: Json<P> extends { data: unknown[]; next_cursor: string | null } ? ("cursor" extends keyof Query<P> ? P : never) : never;
}[ReadPath];

/** Item of a list. */
export type Item<P extends ListPath> = Json<P> extends { data: (infer T)[] } ? T : never;

/** Parameters in a path, such as `id`. */
type PathParams<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? { [K in Name]: string } & PathParams<Rest> : unknown;

/** Path parameters and query of a call. */
export type Params<P extends ReadPath> = PathParams<P> & QueryParam<P> & { signal?: AbortSignal };

/** The query is required if it has required parameters. */
type QueryParam<P extends ReadPath> = paths[P]["get"] extends { parameters: { query: infer Q } } ? { query: Q } : { query?: Query<P> };

/** Credential, or a function that returns a fresh one before each request, such as Clerk's `getToken`. */
export type Token = string | (() => string | null | Promise<string | null>);

/** Options of a client. */
export interface ClientOptions {
  /** Address of the service, such as `https://sync.example.com`. */
  url: string;
  /** API key of a backend, or session token of a user. */
  token?: Token;
  /** Headers of each request. */
  headers?: Record<string, string>;
  retry?: RetryOptions;
  /** Sends the requests; the global `fetch` by default. */
  fetch?: Fetch;
}

/** Client of the service. Each call fails with a `MeetvoError` if the service responds with an error. */
export class MeetvoClient {
  /** Calls of all endpoints, by method and path. */
  readonly api: Client<paths>;
  readonly #options: ClientOptions;
  readonly #retry: Required<RetryOptions>;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#retry = { ...RETRY_DEFAULTS, ...options.retry };
    this.api = createClient<paths>({
      baseUrl: options.url,
      headers: options.headers ?? {},
      fetch: retryingFetch(this.#fetch, this.#retry),
      querySerializer: serializeQuery,
    });
    this.api.use({
      onRequest: async ({ request }) => {
        await this.#authorize(request.headers);
      },
      onResponse: async ({ response }) => {
        if (!response.ok && response.status !== 304) throw await MeetvoError.from(response);
      },
    });
  }

  readonly users = {
    /** Reads a user. With `wait`, waits until the user has been synced. */
    get: (id: string, query: Query<"/v1/users/{id}"> = {}) => this.get("/v1/users/{id}", { id, query }),
    /** Yields the users that match all filters. With `fields`, they have only these properties. */
    list: <F extends keyof User = keyof User>(query: Omit<Query<"/v1/users">, "fields"> & { fields?: F[] } = {}) =>
      this.list("/v1/users", { query: query as Query<"/v1/users"> }) as AsyncGenerator<Pick<User, F>, void, undefined>,
    /** Yields the memberships of a user. */
    memberships: (id: string) => this.list("/v1/users/{id}/memberships", { id }),
    /** Yields the sessions of a user. */
    sessions: (id: string) => this.list("/v1/users/{id}/sessions", { id }),
    /** Yields the linked accounts of a user. */
    accounts: (id: string) => this.list("/v1/users/{id}/accounts", { id }),
  };

  readonly organizations = {
    /** Reads an organization. */
    get: (id: string, query: Query<"/v1/organizations/{id}"> = {}) => this.get("/v1/organizations/{id}", { id, query }),
    /** Yields the organizations that match all filters. */
    list: (query: Query<"/v1/organizations"> = {}) => this.list("/v1/organizations", { query }),
    /** Yields the memberships of an organization. */
    memberships: (id: string) => this.list("/v1/organizations/{id}/memberships", { id }),
  };

  readonly memberships = {
    /** Reads a membership. */
    get: (id: string, query: Query<"/v1/memberships/{id}"> = {}) => this.get("/v1/memberships/{id}", { id, query }),
    /** Yields the memberships that match all filters. */
    list: (query: Query<"/v1/memberships"> = {}) => this.list("/v1/memberships", { query }),
    /** Checks whether a user is a member of an organization, and has a role or a permission. */
    check: (query: Query<"/v1/memberships/check">) => this.get("/v1/memberships/check", { query }),
  };

  /** Calls for the user of a session token. */
  readonly me = {
    /** Reads the signed-in user. */
    get: (query: Query<"/v1/me"> = {}) => this.get("/v1/me", { query }),
    /** Reads the membership of the signed-in user in an organization. */
    membership: (organization_id: string, query: Query<"/v1/me/memberships/{organization_id}"> = {}) =>
      this.get("/v1/me/memberships/{organization_id}", { organization_id, query }),
    /** Yields the memberships of the signed-in user. */
    memberships: () => this.list("/v1/me/memberships"),
    /** Follows the changes of the signed-in user. */
    changes: (options: FollowOptions = {}) => this.#follow("/v1/me/changes", options),
  };

  readonly changes = {
    /** Reads a page of the change feed. */
    page: (query: Query<"/v1/changes"> = {}) => this.get("/v1/changes", { query }),
    /** Reads the current position of the change feed. */
    position: async (): Promise<string> => {
      const { next_cursor } = await this.get("/v1/changes", { query: { after: "now" } });
      if (next_cursor === null) throw new Error("the change feed has no position");
      return next_cursor;
    },
    /** Follows the changes of all users: from now on, or from `after`. */
    follow: (options: FollowOptions = {}): ChangeStream => this.#follow("/v1/changes", options),
  };

  /** Reads JSON from a path. */
  async get<P extends ReadPath>(path: P, params: Params<P>): Promise<Json<P>> {
    return (await this.#read(path, params as Record<string, unknown>)) as Json<P>;
  }

  /** Yields the items of a list. Reads the next page when it is needed. */
  async *list<P extends ListPath>(path: P, ...[params]: object extends Params<P> ? [Params<P>?] : [Params<P>]): AsyncGenerator<Item<P>, void, undefined> {
    const given = { ...params } as Record<string, unknown> & { query?: object };
    let cursor: string | null | undefined;
    do {
      const query = cursor === undefined ? given.query : { ...given.query, cursor };
      const page = (await this.#read(path, { ...given, query })) as { data: Item<P>[]; next_cursor: string | null };
      yield* page.data;
      cursor = page.next_cursor;
    } while (cursor !== null);
  }

  /**
   * Returns a client with the credentials of a caller: the header `Authorization`, or else Clerk's
   * session cookies. The service decides whether it accepts them.
   */
  asCaller(headers: CallerHeaders, retry: RetryOptions = this.#retry): MeetvoClient {
    const { token: _, ...options } = this.#options;
    return new MeetvoClient({ ...options, retry, headers: { ...options.headers, ...callerCredentials(headers) } });
  }

  #fetch: Fetch = (request) => (this.#options.fetch ?? globalThis.fetch)(request);

  async #authorize(headers: Headers): Promise<void> {
    const { token } = this.#options;
    const value = typeof token === "function" ? await token() : token;
    if (value) headers.set("authorization", `Bearer ${value}`);
  }

  async #read(path: string, { query, signal, ...params }: Record<string, unknown>): Promise<unknown> {
    const read = this.api.GET as (path: string, init: object) => Promise<{ data?: unknown }>;
    const { data } = await read(path, { params: { path: params, query }, ...(signal ? { signal } : {}) });
    return data;
  }

  #follow(path: string, options: FollowOptions): ChangeStream {
    const { after, kind, operation } = options;
    const query = serializeQuery({ after, kind, operation });
    const url = `${this.#options.url.replace(/\/$/, "")}${path}${query && `?${query}`}`;
    const connect = async (headers: Record<string, string>, signal: AbortSignal) => {
      const request = new Request(url, { headers: { ...this.#options.headers, ...headers }, signal });
      await this.#authorize(request.headers);
      return request;
    };
    return new ChangeStream(this.#fetch, connect, options, this.#retry);
  }
}

/** Repeats the names of lists; only `fields` is separated by commas. */
function serializeQuery(query: Record<string, unknown>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const values = Array.isArray(value) && name !== "fields" ? value : [value];
    for (const item of values) if (item !== undefined && item !== null) search.append(name, String(item));
  }
  return search.toString();
}

