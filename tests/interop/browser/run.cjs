// Drives the page in Chromium, prints what happened, and fails where it is not what has to happen or not what the SDK
// does in Node. `browser.sh` calls it.
const assert = require('node:assert/strict');
const { existsSync, readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { chromium } = require('playwright-core');

const { values: args } = parseArgs({
  options: {
    modules: { type: 'string' },
    browser: { type: 'string' },
    mapped: { type: 'string' },
    localhost: { type: 'string' },
    node: { type: 'string' },
  },
});
const INFO = '/api/fabric/subscriber/info';
const TOKEN = '/api/fabric/subscriber/devices/token';
const REFRESH = '/api/fabric/subscriber/devices/refresh';
const HOUR = 3600;
const WAIT = { timeout: 40_000 };

const HTML = `<!doctype html><title>credwire</title><link rel="icon" href="data:,">
<script type="importmap">{"imports": {"node:crypto": "/crypto.mjs", "@signalwire/js": "/sdk.mjs"}}</script>
<script type="module">import * as page from '/page.mjs'; window.page = page;</script><body></body>`;
// The bundle takes these two of Node.
const CRYPTO = `export const randomUUID = () => crypto.randomUUID();
export const randomFillSync = (array) => crypto.getRandomValues(array);`;

/** The server of the page, which asks the backend for credentials. */
async function serve(space) {
  const files = {
    '/': ['text/html', HTML],
    '/crypto.mjs': ['text/javascript', CRYPTO],
    '/page.mjs': ['text/javascript', readFileSync(join(__dirname, 'page.mjs'))],
    '/sdk.mjs': ['text/javascript', readFileSync(join(args.modules, '@signalwire/js/dist/browser.mjs'))],
  };
  const server = createServer(async (request, response) => {
    if (request.url === '/credential') {
      const chunks = await request.toArray();
      const answer = await fetch(space.backend, {
        method: 'POST',
        headers: { authorization: `Bearer ${space.apiToken}` },
        body: Buffer.concat(chunks),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
      return;
    }
    const [type, body] = files[request.url] ?? [];
    response.writeHead(body ? 200 : 404, { 'content-type': type ?? 'text/plain' }).end(body);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

async function control(space, method, path, body) {
  const answer = await fetch(`${space.control}${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

/** What a sent frame is, without what differs from run to run. */
const frameName = ({ method, params }) =>
  [
    method,
    ...(method === 'signalwire.connect' ? [params.authorization_state ? 'resume' : 'fresh'] : []),
    ...(params?.dpop_token ? ['with a proof'] : []),
  ].join(', ');

const checkFacts = (checks) =>
  checks
    // Credentials come from a backend here and from the REST interface there; only a browser asks beforehand.
    .filter(({ op }) => !/^OPTIONS |tokens$|backend/.test(op))
    .map(({ op, kind, token, bearer, proof, outcome, status, fault }) => {
      const proved = proof && (proof === 'absent' ? proof : { ok: proof.ok, problems: proof.problems, htu: proof.htu });
      return JSON.parse(JSON.stringify({ op, kind, token, bearer, proof: proved, outcome, status, fault }));
    });

/** The same of a transcript of the peer harness. */
function nodeFacts(name) {
  const file = join(args.node, `${name}.json`);
  if (!existsSync(file)) throw new Error(`Node left ${name} out`);
  const { events, server_checks } = JSON.parse(readFileSync(file));
  const of = (kind) => events.filter((event) => event.kind === kind);
  return {
    requests: of('http').map(({ id, method, url }) => {
      const reply = of('http.reply').find((event) => event.id === id);
      return `${method} ${url.replace(/^https:\/\/[^/]*/, '')} ${reply?.status}`;
    }),
    frames: of('ws.send').filter(({ frame }) => frame.method).map(({ frame }) => frameName(frame)),
    states: of('sdk.state').map((event) => {
      const state = ['isConnected', 'isRegistered', 'ready'].find((state) => state in event);
      return `${state} ${event[state]}`;
    }),
    errors: of('sdk.error').map(({ name, message }) => `${name}: ${message}`),
    warnings: of('sdk.warning').map(({ warning }) => warning.code ?? warning.type),
    checks: checkFacts(server_checks),
  };
}

/** One load of the page; `act` does what the scenario is about. */
async function run(browser, space, config, act) {
  await control(space, 'PUT', '/reset', config);
  const server = await serve(space);
  const page = await (await browser.newContext()).newPage();
  const requests = [];
  const frames = [];
  // Shown where a scenario fails.
  const trouble = [];
  let sockets = 0;
  page.on('response', (answer) => {
    const { pathname, host } = new URL(answer.url());
    if (host === `fabric.${space.domain}`) requests.push(`${answer.request().method()} ${pathname} ${answer.status()}`);
  });
  page.on('websocket', (socket) => {
    sockets += 1;
    socket.on('framesent', ({ payload }) => {
      const frame = JSON.parse(payload);
      if (frame.method) frames.push(frameName(frame));
    });
  });
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  await page.goto(server.url);
  await page.waitForFunction('window.page', undefined, WAIT);
  const told = () => page.evaluate('window.page.seen');
  try {
    await act(page, { requests, frames });
    const seen = await told();
    const { checks } = await control(space, 'GET', '/log');
    return {
      requests,
      frames,
      sockets,
      states: seen.filter(({ state }) => state).map(({ state, value }) => `${state} ${value}`),
      errors: seen.filter(({ error }) => error).map(({ error }) => `${error.name}: ${error.message}`),
      warnings: seen.filter(({ warning }) => warning).map(({ warning }) => warning.code ?? warning.type),
      checks: checkFacts(checks),
      preflights: checks.filter(({ op }) => op.startsWith('OPTIONS ')).map(({ op, status }) => `${op} ${status}`),
    };
  } catch (error) {
    const state = { requests, frames, sockets, trouble, seen: await told().catch(String) };
    console.error(JSON.stringify(state, null, 1));
    throw error;
  } finally {
    await page.context().close();
    server.close();
  }
}

const start = (page, options) => page.evaluate((options) => window.page.start(options), options);
const registered = (page, times) =>
  page.waitForFunction((times) => window.page.registered() >= times, times, WAIT);
const leave = (page) => page.evaluate('window.page.leave()');
async function until(page, test, what) {
  for (const end = Date.now() + WAIT.timeout; !test(); ) {
    assert.ok(Date.now() < end, `no ${what} within ${WAIT.timeout / 1000} s`);
    await page.waitForTimeout(20);
  }
}
const count = (list, item) => list.filter((one) => one === item).length;

function compare(name, browser, parts) {
  if (!args.node) return;
  const node = nodeFacts(name);
  for (const part of parts) assert.deepEqual(browser[part], node[part], `${name}: ${part} as in Node`);
  console.log(`  as in Node: ${parts.join(', ')}`);
}

async function main() {
  const mapped = JSON.parse(readFileSync(args.mapped));
  const localhost = JSON.parse(readFileSync(args.localhost));
  const launch = (...rules) =>
    chromium.launch({
      executablePath: args.browser,
      args: [`--ignore-certificate-errors-spki-list=${[mapped.keyHash, localhost.keyHash].join()}`, ...rules],
    });
  const all = ['requests', 'frames', 'states', 'errors', 'warnings', 'checks'];
  const domain = mapped.domain.split(':')[0];
  // Nothing is reached outside this computer.
  const browser = await launch(
    `--host-resolver-rules=MAP *.${domain} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
  );
  console.log(`Chromium ${browser.version()}, ${domain} by --host-resolver-rules`);
  const bound = { ttl: HOUR, bound: true };
  try {
    const rotated = await run(browser, mapped, { deviceTtl: 34 }, async (page, { frames, requests }) => {
      await start(page, bound);
      await registered(page, 1);
      // A page cannot use the control port: neither read what it answers nor make it act.
      const get = (url, init) => page.evaluate(([url, init]) => window.page.get(url, init), [url, init]);
      const asked = [
        await get(`${mapped.control}/log`),
        await get(mapped.backend, { method: 'POST', headers: { authorization: `Bearer ${mapped.apiToken}` }, body: '{}' }),
      ];
      assert.deepEqual(asked, [{ failed: 'TypeError' }, { failed: 'TypeError' }]);
      const blind = await get(`${mapped.control}/sockets`, { method: 'POST', mode: 'no-cors', body: '{"do":"drop"}' });
      assert.equal(blind.type, 'opaque');
      const reauthenticated = () => count(frames, 'signalwire.reauthenticate, with a proof') >= 3;
      await until(page, reauthenticated, 'third signalwire.reauthenticate');
      await until(page, () => count(requests, `POST ${REFRESH} 200`) >= 2, 'second rotation');
      await leave(page);
    });
    console.log('connects, activates and rotates twice:', JSON.stringify(rotated.requests));
    console.log('  preflights:', JSON.stringify(rotated.preflights));
    console.log('  the control port refused the page:', rotated.sockets, 'socket, never dropped');
    assert.equal(rotated.sockets, 1);
    assert.deepEqual(rotated.errors, []);
    assert.deepEqual(rotated.requests, [
      `GET ${INFO} 200`, `POST ${TOKEN} 200`, `POST ${REFRESH} 200`, `POST ${REFRESH} 200`,
    ]);
    assert.deepEqual(rotated.preflights, [INFO, TOKEN, REFRESH].map((path) => `OPTIONS ${path} 204`));
    assert.ok(rotated.checks.every(({ proof }) => !proof || proof.ok), 'every proof was right');
    compare('scope-with-fingerprint', rotated, all);

    const dropped = await run(browser, mapped, {}, async (page) => {
      await start(page, { ...bound, refresh: true });
      await registered(page, 1);
      await control(mapped, 'POST', '/sockets', { do: 'drop' });
      await registered(page, 2);
      await leave(page);
    });
    console.log('survives a drop:', JSON.stringify(dropped.frames));
    assert.equal(dropped.sockets, 2);
    assert.ok(dropped.frames.some((frame) => frame.startsWith('signalwire.connect, resume')));
    compare('socket-drop-bound', dropped, all);

    const faults = [{ on: `GET ${INFO}`, status: 401, times: -1 }];
    const refused = await run(browser, mapped, { faults }, async (page) => {
      await start(page, { ttl: HOUR, refresh: true });
      await page.waitForFunction('window.page.errors() > 0', undefined, WAIT);
    });
    console.log('reads a refusal:', JSON.stringify(refused.errors));
    assert.equal(refused.requests[0], `GET ${INFO} 401`);
    compare('info-401', refused, ['requests', 'errors']);

    const busy = [{ on: 'GET /busy', status: 429, headers: { 'retry-after': '7', 'dpop-nonce': 'made-up' } }];
    let read;
    await run(browser, mapped, { faults: busy }, async (page) => {
      const url = (path) => `https://fabric.${mapped.domain}${path}`;
      read = await page.evaluate(
        async ([busy, devices, missing]) => {
          const authorization = 'Bearer made-up';
          const json = { authorization, 'content-type': 'application/json', dpop: 'made-up' };
          return {
            busy: await window.page.get(busy),
            devices: await window.page.get(devices, { method: 'POST', headers: json, body: '{"expire_in":900}' }),
            missing: await window.page.get(missing, { method: 'DELETE', headers: { authorization } }),
            other: await window.page.get(missing, { headers: { 'x-made-up': '1' } }),
            nowhere: await window.page.fromNowhere(missing),
          };
        },
        [url('/busy'), url(TOKEN), url('/elsewhere')],
      );
    });
    console.log('reads statuses and headers:', JSON.stringify(read));
    assert.equal(read.busy.status, 429);
    const { date, 'retry-after': later, 'dpop-nonce': nonce } = read.busy.headers;
    assert.ok(date && later === '7' && nonce === 'made-up', 'date, pause and nonce can be read');
    assert.equal(read.devices.status, 401);
    assert.equal(read.missing.status, 404);
    assert.deepEqual(read.other, { failed: 'TypeError' }, 'a header that is not permitted');
    assert.deepEqual(read.nowhere, { status: 404, origin: 'null' });
  } finally {
    await browser.close();
  }

  const plain = await launch();
  try {
    const connected = await run(plain, localhost, {}, async (page) => {
      await start(page, bound);
      await registered(page, 1);
      await leave(page);
    });
    console.log('without rules, at space.localhost:', JSON.stringify(connected.requests));
    assert.deepEqual(connected.requests, [`GET ${INFO} 200`, `POST ${TOKEN} 200`]);
  } finally {
    await plain.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
