// TCP proxy in front of the service, which can lose connections.
import { connect, createServer } from "node:net";

import { URL as SERVICE } from "./support.mjs";

export class Proxy {
  /** Number of connections so far. */
  accepted = 0;
  /** Number of the next connections that are reset. */
  resets = 0;
  /** While true, nothing is forwarded, and no connection is closed. */
  isFrozen = false;
  /** The next response with this text ends directly before it. @type {string | undefined} */
  cutBefore;
  /** @type {Set<import("node:net").Socket>} */
  #open = new Set();
  /** @type {Set<import("node:net").Socket>} */
  #inUse = new Set();
  #server = createServer((socket) => this.#accept(socket));

  static async start() {
    const proxy = new Proxy();
    await new Promise((resolve) => proxy.#server.listen(0, "127.0.0.1", () => resolve(undefined)));
    return proxy;
  }

  get url() {
    const address = /** @type {import("node:net").AddressInfo} */ (this.#server.address());
    return `http://127.0.0.1:${address.port}`;
  }

  /** Number of open connections with a request. Node.js can open others in advance. */
  get inUse() {
    return this.#inUse.size;
  }

  /** Resets all open connections. */
  cut() {
    for (const socket of this.#open) socket.resetAndDestroy();
  }

  async stop() {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** @param {import("node:net").Socket} socket */
  #accept(socket) {
    this.accepted += 1;
    if (this.resets > 0) {
      this.resets -= 1;
      return socket.resetAndDestroy();
    }
    const { hostname, port } = new URL(SERVICE);
    const service = connect(Number(port), hostname);
    this.#open.add(socket);
    socket.on("close", () => {
      this.#open.delete(socket);
      this.#inUse.delete(socket);
      service.destroy();
    });
    service.on("close", () => !this.isFrozen && socket.end());
    for (const end of [socket, service]) end.on("error", () => end.destroy());
    socket.once("data", () => this.#inUse.add(socket));
    socket.on("data", (data) => !this.isFrozen && service.write(data));
    service.on("data", (data) => !this.isFrozen && this.#forward(data, socket));
  }

  /** @param {Buffer} data @param {import("node:net").Socket} socket */
  #forward(data, socket) {
    // A connection that was reset still receives what was on its way.
    if (socket.destroyed) return;
    const at = this.cutBefore === undefined ? -1 : data.indexOf(this.cutBefore);
    if (at === -1) return socket.write(data);
    this.cutBefore = undefined;
    socket.end(data.subarray(0, at));
  }
}
