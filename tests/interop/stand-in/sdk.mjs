// This project's client in the shape of the official SDK, as far as a harness that drives the SDK
// needs it: `run-sdk.mjs --sdk sdk.mjs` runs its scenarios with this client. Every request and
// every frame goes through the `fetch` and the WebSocket class that the harness put in place.
//
// CREDWIRE_STAND_IN names the program, CREDWIRE_DOMAIN the domain of the space (space.test).
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setInterval } from 'node:timers';
import { ADDRESS, ca, DOMAIN, Relay } from './relay.mjs';

export const version = 'credwire';

// What a page leaves for the next one: a storage, and the space that was found.
const kept = (globalThis.credwireKept ??= {
  directory: mkdtempSync(join(tmpdir(), 'credwire-')),
  hosts: new Set()
});
process.on('exit', () => rmSync(kept.directory, { recursive: true, force: true }));

export class StaticCredentialProvider {
  constructor(credential) {
    this.authenticate = async () => credential;
  }
}

export class EmbedTokenCredentialProvider {
  constructor(host, token) {
    this.embed = { host, token };
  }
}

/** Values that are told to whoever subscribes, the newest one first. */
class Subject {
  constructor(...values) {
    this.values = values;
    this.readers = [];
  }
  subscribe(reader) {
    this.readers.push(reader);
    for (const value of this.values) reader(value);
  }
  next(value) {
    if (this.values.length) this.values = [value];
    for (const reader of this.readers) reader(value);
  }
}

export class SignalWire {
  isConnected$ = new Subject(false);
  isRegistered$ = new Subject(false);
  ready$ = new Subject(false);
  errors$ = new Subject();
  warnings$ = new Subject();
  directory = {
    findAddressIdByURI: async () => {
      throw new Error('the directory is out of scope');
    }
  };
  #wishes = new Map();

  constructor(provider, options) {
    this.provider = provider;
    this.relay = new Relay(options.webSocketConstructor);
    this.started = this.#start(options);
  }

  register() {
    return this.#wish('register');
  }
  unregister() {
    return this.#wish('unregister');
  }
  disconnect() {
    return this.#wish('disconnect');
  }

  async #start({ persistSession }) {
    const { provider } = this;
    for (const host of kept.hosts) await this.relay.listen(host);
    if (provider?.embed) await this.relay.listen(provider.embed.host);
    this.program = spawn(process.env.CREDWIRE_STAND_IN, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.program.stdin.on('error', () => {});
    createInterface({ input: this.program.stdout }).on('line', (line) => this.#hear(JSON.parse(line)));
    this.#tell({
      ca,
      domain: DOMAIN,
      address: ADDRESS,
      embed: provider?.embed,
      refresh: Boolean(provider?.refresh),
      dpop: await canSign(),
      persist: persistSession ? join(kept.directory, 'session.redb') : undefined
    });
    this.#watch();
  }

  /** Passes on what the harness does to the clock and to the page. */
  #watch() {
    const real = () => performance.timeOrigin + performance.now();
    let told = 0;
    const timer = setInterval(() => {
      const ahead = Math.round((Date.now() - real()) / 1000) * 1000;
      if (ahead !== told) this.#tell({ clock: ahead });
      told = ahead;
      if (this.relay.isUnloaded()) {
        clearInterval(timer);
        this.program.kill('SIGKILL');
        this.relay.close();
      }
    }, 20);
  }

  #tell(message) {
    this.program.stdin.write(`${JSON.stringify(message)}\n`);
  }

  async #wish(wish) {
    await this.started;
    return new Promise((done, fail) => {
      this.#wishes.set(wish, (error) => (error ? fail(new Error(error)) : done()));
      this.#tell({ wish });
    });
  }

  #hear(message) {
    if (message.event === 'provider') this.#ask(message);
    else if (message.event === 'done') this.#wishes.get(message.wish)?.(message.error);
    else if (message.event === 'error') this.errors$.next(new Error(message.error));
    else if (message.event === 'warning') this.warnings$.next(message.warning);
    else if (message.event === 'status') {
      this.isConnected$.next(message.connected);
      this.ready$.next(message.connected);
      this.isRegistered$.next(message.registered);
    }
  }

  async #ask({ question, call, context }) {
    try {
      if (!this.provider) throw new Error('there is no provider');
      const credential = await this.provider[call](context ?? undefined);
      const host = spaceOf(credential.token);
      if (host) kept.hosts.add(host);
      await this.relay.listen(host);
      this.#tell({ reply: question, credential });
    } catch (error) {
      this.#tell({ reply: question, error: error.message });
    }
  }
}

/** The host that the JOSE header of a token names, if it can be read. */
function spaceOf(token) {
  try {
    return JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).ch;
  } catch {
    return undefined;
  }
}

/** Whether the platform makes keys; a harness takes that away to see what happens. */
async function canSign() {
  try {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
    return true;
  } catch {
    return false;
  }
}
