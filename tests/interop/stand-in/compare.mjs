#!/usr/bin/env node
// Compares what this client sent with what the official SDK sent in the same scenarios:
//   node compare.mjs RUN_DIR SDK_DIR
// Both hold transcripts of the harness, <scenario>.json. Order is compared within provider calls,
// requests, sockets (with the calls on them), answers and ends of sockets, not between them. Every
// difference has to be in differences.json with its reason. Exit status 1 otherwise.
//
// There, `members` are texts that are left out of every line or replaced, and `lines` are
// [channel, side, pattern]: lines that only one side has, "-" the SDK and "+" this client.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [run, sdk] = process.argv.slice(2);
if (!sdk) {
  console.error('usage: compare.mjs RUN_DIR SDK_DIR');
  process.exit(2);
}
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const { members, lines: listed } = read(new URL('differences.json', import.meta.url));

/** Names each token after what brought it, so that a step more or less renames no other one. */
function tokenNames(events) {
  const names = new Map();
  const counts = {};
  const requests = new Map();
  const name = (token, origin) => {
    if (!token || names.has(token)) return;
    counts[origin] = (counts[origin] ?? 0) + 1;
    names.set(token, `<${origin} ${counts[origin]}>`);
  };
  for (const event of events) {
    if (event.kind === 'http') requests.set(event.id, event.url.split('/').slice(-2).join('/'));
    else if (event.kind === 'http.reply') name(event.body?.token, requests.get(event.id));
    else if (event.kind === 'provider.reply') name(event.credential?.token, event.call);
  }
  return names;
}

/** JSON with its members in order, and without what differs from run to run. */
function text(value, names) {
  const sorted = (item) => {
    if (Array.isArray(item)) return item.map(sorted);
    if (item === null || typeof item !== 'object') return item;
    return Object.fromEntries(Object.keys(item).sort().map((key) => [key, sorted(item[key])]));
  };
  let out = JSON.stringify(sorted(value)) ?? '';
  for (const [token, name] of names) out = out.replaceAll(token, name);
  return out
    .replace(/<t\d+( = now[+-]\d+s)?, (m?s)>|<now, (m?s)>/g, '<time>')
    .replace(/<([a-z_-]+):\d+>/g, '<$1>')
    .replace(/<sha256 of [^>]*>/g, '<sha256 of the bearer>')
    .replace(/<n of [^>]*>/g, '<n>');
}

/** What was sent, by channel. */
function sent(transcript) {
  const names = tokenNames(transcript.events);
  const channels = { provider: [], request: [], socket: [], answer: [], end: [] };
  const methods = new Map();
  for (const event of transcript.events) {
    const { kind, frame } = event;
    if (kind === 'provider') {
      channels.provider.push(`${event.call} ${text(event.context ?? {}, names)}`);
    } else if (kind === 'http') {
      const { method, url, headers, body } = event;
      // rc.2 asks its built-in host for devices/*; the harness sends it to the space.
      const host = url.replace('fabric.signalwire.com', 'fabric.<domain>');
      channels.request.push(`${method} ${host} ${text({ headers, body }, names)}`);
    } else if (kind === 'ws.connect') {
      channels.socket.push(`connect ${event.url}`);
    } else if (kind === 'ws.closed' && event.by === 'client') {
      channels.end.push(`close ${event.code}`);
    } else if (kind === 'ws.recv' && frame.method) {
      methods.set(frame.id, frame.method);
    } else if (kind === 'ws.send' && frame.method) {
      const { id, ...members } = frame;
      channels.socket.push(`${frame.method} ${typeof id} ${text(members, names)}`);
    } else if (kind === 'ws.send') {
      const { id, ...members } = frame;
      channels.answer.push(`${methods.get(id)} ${text(members, names)}`);
    }
  }
  return channels;
}

/** The lines that only one of two sequences has, by the longest common subsequence. */
function difference(left, right) {
  const length = Array.from({ length: left.length + 1 }, () => Array(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      length[i][j] =
        left[i] === right[j]
          ? length[i + 1][j + 1] + 1
          : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const found = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) [i, j] = [i + 1, j + 1];
    else if (j === right.length || (i < left.length && length[i + 1][j] >= length[i][j + 1])) {
      found.push({ side: '-', line: left[i] });
      i += 1;
    } else {
      found.push({ side: '+', line: right[j] });
      j += 1;
    }
  }
  return found;
}

const matches = (pattern, line) => new RegExp(`^(?:${pattern})$`).test(line);

/** A line without what always differs. */
const plain = (line) =>
  members.reduce((text, { from, to }) => text.replace(new RegExp(from, 'g'), to), line);

const names = readdirSync(run).map((file) => file.replace(/\.json$/, ''));
let bad = 0;
let compared = 0;
for (const name of names) {
  let expected;
  try {
    expected = read(join(sdk, `${name}.json`));
  } catch {
    console.log(`none   ${name}: the SDK has no transcript`);
    continue;
  }
  compared += 1;
  const [theirs, ours] = [sent(expected), sent(read(join(run, `${name}.json`)))];
  const reasons = new Map();
  const unlisted = [];
  for (const channel of Object.keys(theirs)) {
    for (const { side, line } of difference(theirs[channel].map(plain), ours[channel].map(plain))) {
      const entry = listed.find(
        ({ scenarios, lines }) =>
          scenarios.includes(name) &&
          lines.some(([at, on, pattern]) => at === channel && on === side && matches(pattern, line))
      );
      if (!entry) unlisted.push(`${channel} ${side} ${line}`);
      else reasons.set(entry.why, (reasons.get(entry.why) ?? 0) + 1);
    }
  }
  if (unlisted.length) bad += 1;
  console.log(`${unlisted.length ? 'DIFFER' : reasons.size ? 'listed' : 'same  '} ${name}`);
  for (const [why, count] of reasons) console.log(`         ${count} x ${why}`);
  for (const line of unlisted) console.log(`         ${line}`);
}
if (!compared) console.error('nothing was compared');
process.exitCode = bad || !compared ? 1 : 0;
