// Runs in the page: a client of the official SDK whose credentials come from the server of the page.
import { SignalWire } from '@signalwire/js';

export const seen = [];
let client;

const describe = (error) => ({
  name: error?.name,
  message: error?.message,
  ...(error?.cause === undefined ? {} : { cause: describe(error.cause) }),
});

async function credential(options, fingerprint) {
  const answer = await fetch('/credential', {
    method: 'POST',
    body: JSON.stringify({
      reference: 'alice@example.test',
      expire_in: options.ttl,
      ...(options.bound ? { scope: 'sat:refresh', fingerprint } : {}),
    }),
  });
  if (!answer.ok) throw new Error(`the server of the page answered ${answer.status}`);
  const { token, expires_at } = await answer.json();
  return { token, expiry_at: expires_at * 1000 };
}

/** Starts a client; what it reports is in `seen`, in order. */
export function start(options) {
  seen.length = 0;
  let last;
  const provider = {
    authenticate: (context) => {
      last = context?.fingerprint;
      return credential(options, last);
    },
  };
  if (options.refresh) provider.refresh = () => credential(options, last);
  client = new SignalWire(provider, options.client);
  client.errors$.subscribe((error) => seen.push({ error: describe(error) }));
  client.warnings$?.subscribe((warning) => seen.push({ warning }));
  for (const name of ['isConnected', 'isRegistered', 'ready']) {
    client[`${name}$`].subscribe((value) => seen.push({ state: name, value }));
  }
}

export const registered = () => seen.filter((event) => event.state === 'isRegistered' && event.value).length;
export const errors = () => seen.filter((event) => event.error).length;
export const leave = () => client.disconnect();

/** Status and headers of an answer as the page gets them, or the error that it gets in their place. */
export async function get(url, init) {
  try {
    const answer = await fetch(url, init);
    return { type: answer.type, status: answer.status, headers: Object.fromEntries(answer.headers) };
  } catch (error) {
    return { failed: error.name };
  }
}

/** The status that a frame without an origin of its own gets. */
export function fromNowhere(url) {
  return new Promise((resolve) => {
    addEventListener('message', ({ data, origin }) => resolve({ status: data, origin }), { once: true });
    const frame = document.createElement('iframe');
    frame.sandbox = 'allow-scripts';
    frame.srcdoc = `<script>fetch(${JSON.stringify(url)}, { headers: { authorization: 'Bearer made-up' } })
      .then((answer) => answer.status, (error) => error.name)
      .then((status) => parent.postMessage(status, '*'))</script>`;
    document.body.append(frame);
  });
}
