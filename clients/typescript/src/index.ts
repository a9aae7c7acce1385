export { type CallerOptions, currentUser } from "./caller.js";
export { type Change, ChangeStream, type FollowOptions } from "./changes.js";
export {
  type ClientOptions,
  type Item,
  type Json,
  type ListPath,
  MeetvoClient,
  type Membership,
  type Organization,
  type Params,
  type Query,
  type ReadPath,
  type Token,
  type User,
} from "./client.js";
export { MeetvoError } from "./problem.js";
export type { Fetch, RetryOptions } from "./retry.js";
export type { components, paths } from "./schema.js";
