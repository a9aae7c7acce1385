import type { IncomingMessage, ServerResponse } from "node:http";

import { type CallerOptions, type MemberRule, currentUser, memberProblem, requiredUser } from "./caller.js";
import type { MeetvoClient, User } from "./client.js";
import { MeetvoError } from "./problem.js";

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express is extended this way.
  namespace Express {
    interface Request {
      /** User of the session token; null without a valid one. Set by `attachUser` and `requireUser`. */
      meetvoUser?: User | null;
    }
  }
}

type AppRequest = IncomingMessage & { meetvoUser?: User | null };

/** Middleware of Express, and of other servers with the same form. */
export type Middleware<R = unknown> = (request: AppRequest & R, response: ServerResponse, next: (error?: unknown) => void) => void;

/** Sets `request.meetvoUser` to the user of the session token, or to null. */
export function attachUser(meetvo: MeetvoClient, options?: CallerOptions): Middleware {
  return middleware(async (request) => {
    request.meetvoUser = await currentUser(meetvo, request.headers, options);
    return null;
  });
}

/** Sets `request.meetvoUser`. Without a valid session token, responds with 401 and the reason. */
export function requireUser(meetvo: MeetvoClient, options?: CallerOptions): Middleware {
  return middleware(async (request) => {
    request.meetvoUser = await requiredUser(meetvo, request.headers, options);
    return null;
  });
}

/** Request with parameters in its path, as Express has them. */
export interface RouteRequest {
  params: Record<string, string | string[] | undefined>;
}

/** Options of `requireMember`. */
export interface MemberOptions<R = RouteRequest> extends MemberRule {
  /** Returns the organization to which the requested data belongs, such as `request.params.id`. */
  organizationId: (request: AppRequest & R) => string | string[] | undefined;
}

/**
 * Responds with 403 and the reason if the user is not a member of the organization, or lacks the
 * role or the permission. Use it after `requireUser`. The client needs an API key.
 */
export function requireMember<R = RouteRequest>(meetvo: MeetvoClient, { organizationId, ...rule }: MemberOptions<R>): Middleware<R> {
  return middleware<R>(async (request) => {
    const user = request.meetvoUser;
    if (!user) throw new Error("requireMember: add requireUser before it");
    const id = organizationId(request);
    if (typeof id !== "string") throw new Error("requireMember: organizationId must return a string");
    return memberProblem(meetvo, user, id, rule);
  });
}

/** Returns a middleware that responds with a problem, or calls the next one. */
function middleware<R = unknown>(check: (request: AppRequest & R) => Promise<MeetvoError | null>): Middleware<R> {
  return (request, response, next) => {
    const settle = (problem: MeetvoError | null) => (problem === null ? next() : respond(response, problem));
    check(request).then(settle, (error: unknown) => {
      if (error instanceof MeetvoError && error.status === 401) respond(response, error);
      else next(error);
    });
  };
}

function respond(response: ServerResponse, problem: MeetvoError): void {
  response.statusCode = problem.status;
  response.setHeader("content-type", "application/problem+json");
  response.end(JSON.stringify(problem));
}
