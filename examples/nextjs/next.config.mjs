import { fileURLToPath } from "node:url";

export default {
  // The client is in another folder of the repository.
  outputFileTracingRoot: fileURLToPath(new URL("../..", import.meta.url)),
};
