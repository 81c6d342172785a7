// Stands where the client believes the space to be, at the same port of another loopback address,
// and repeats each request with `fetch` and each socket with the harness's WebSocket class.
import { createServer } from 'node:https';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The harness's own packages and certificates.
const harness = process.argv[1];
const { WebSocketServer } = createRequire(harness)('ws');
const { makeCerts } = await import(pathToFileURL(join(dirname(harness), 'lib', 'certs.mjs')));

/** The domain of the space. */
export const DOMAIN = process.env.CREDWIRE_DOMAIN ?? 'space.test';

// Made before any token is minted, since it takes a while.
const { ca, cert, key } = makeCerts([`*.${DOMAIN}`]);

/** What a client has to trust. */
export { ca };

/** Where the client finds every host of the space. */
export const ADDRESS = '127.0.0.2';

// Of one hop, or made anew by whoever sends the message on.
const OF_A_HOP = new Set([
  'accept-encoding', 'connection', 'content-encoding', 'content-length', 'host', 'keep-alive',
  'transfer-encoding', 'user-agent'
]);
const end = (headers) => Object.entries(headers).filter(([name]) => !OF_A_HOP.has(name));
const titled = (name) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());

export class Relay {
  #servers = new Map();
  #sockets = new Set();
  #seen = new Set();

  constructor(Socket) {
    this.Socket = Socket;
    this.upgrades = new WebSocketServer({ noServer: true });
  }

  /** Listens at the port of this host, if it is one. */
  async listen(host) {
    const port = Number(host?.split(':')[1]);
    if (!port || this.#servers.has(port)) return;
    const server = createServer({ cert, key }, (request, response) => repeat(request, response));
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    await new Promise((done, fail) => {
      server.once('error', fail);
      server.listen(port, ADDRESS, done);
    });
    this.#servers.set(port, server);
  }

  /** Whether the harness took the page away with its sockets. */
  isUnloaded() {
    return [...this.#seen].some((socket) => socket.peerQuiet);
  }

  close() {
    for (const server of this.#servers.values()) {
      server.closeAllConnections();
      server.close();
    }
    for (const socket of this.#sockets) socket.terminate();
  }

  #upgrade(request, socket, head) {
    const path = request.url === '/' ? '' : request.url;
    const space = new this.Socket(`wss://${request.headers.host}${path}`);
    this.#seen.add(space);
    const early = [];
    const keep = (data) => early.push(data);
    const abandon = () => space.close();
    space.on('message', keep);
    socket.once('close', abandon);
    space.once('error', (error) => {
      const status = /Unexpected server response: (\d+)/.exec(error.message)?.[1];
      socket.end(status ? `HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\n` : undefined);
    });
    space.once('open', () => {
      this.upgrades.handleUpgrade(request, socket, head, (client) => {
        space.off('message', keep);
        socket.off('close', abandon);
        this.#sockets.add(client);
        this.#join(client, space, early);
      });
    });
  }

  #join(client, space, early) {
    for (const data of early) client.send(data.toString());
    space.on('message', (data) => client.send(data.toString()));
    client.on('message', (data) => space.send(data.toString()));
    client.on('error', () => {});
    space.on('close', (code) => {
      if (code === 1006) client.terminate();
      else client.close(...(code === 1005 ? [] : [code]));
    });
    client.on('close', (code) => {
      this.#sockets.delete(client);
      space.close(...(code === 1005 || code === 1006 ? [] : [code]));
    });
  }
}

async function repeat(request, response) {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const answer = await fetch(`https://${request.headers.host}${request.url}`, {
      method: request.method,
      headers: Object.fromEntries(end(request.headers).map(([name, value]) => [titled(name), value])),
      signal: gone.signal,
      ...(body ? { body } : {})
    });
    response.writeHead(answer.status, Object.fromEntries(end(Object.fromEntries(answer.headers))));
    response.end(await answer.text());
  } catch {
    response.destroy();
  }
}
