// Drives a server over keep-alive connections from a process of its own, so that its work does not
// count as the server's. Started by drive() in processes.mjs; speaks over process.send.
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { requestsOf } from './requests.mjs';

const CRLF2 = Buffer.from('\r\n\r\n');

process.on('message', (order) => void answer(order));

async function answer(order) {
  process.send(await drive(order));
  process.disconnect();
}

/**
 * @param order {port, connections, seconds, kind, data, rate?, keepLatencies?}: `kind` names what requestsOf()
 *   makes of `data`; with a `rate` (requests a second over all connections) each request has a due
 *   time, and its latency counts from then on; `keepLatencies` gives all of them back, sorted
 */
async function drive({ port, connections, seconds, kind, data, rate, keepLatencies }) {
  const latencies = [];
  const statuses = {};
  const begin = performance.now();
  const end = begin + seconds * 1000;
  const failures = [];
  await Promise.all(
    Array.from({ length: connections }, (_, i) => {
      const script = requestsOf(kind, data, i, connections);
      const pause = rate ? (connections / rate) * 1000 : 0;
      return connection({
        port,
        script,
        end,
        pause,
        first: begin + (pause * i) / connections,
        note(status, ms) {
          statuses[status] = (statuses[status] ?? 0) + 1;
          latencies.push(ms);
        },
        fail: (reason) => failures.push(reason),
      });
    }),
  );
  const elapsed = (performance.now() - begin) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (p) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * p))];
  return {
    count: latencies.length,
    perSecond: latencies.length / elapsed,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    statuses,
    failures: failures.slice(0, 3),
    elapsed,
    ...(keepLatencies ? { latencies } : {}),
  };
}

function connection({ port, script, end, pause, first, note, fail }) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let due = first;
    let sent = 0;
    let pending = Buffer.alloc(0);
    const close = () => {
      socket.destroy();
      resolve();
    };
    const next = (body) => {
      const now = performance.now();
      if (now >= end) return close();
      const request = script.next(body);
      if (request === undefined) return close();
      if (pause === 0) {
        sent = now;
        socket.write(request);
        return;
      }
      const go = () => {
        sent = due;
        due += pause;
        socket.write(request);
      };
      if (due <= now) go();
      else setTimeout(go, due - now);
    };
    socket.on('connect', () => next(undefined));
    socket.on('error', (error) => {
      fail(error.message);
      close();
    });
    socket.on('close', () => resolve());
    socket.on('data', (chunk) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const headEnd = pending.indexOf(CRLF2);
      if (headEnd < 0) return;
      const head = pending.latin1Slice(0, headEnd);
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (pending.length < headEnd + 4 + length) return;
      const status = Number(head.slice(9, 12));
      const body = script.wantsBody
        ? pending.utf8Slice(headEnd + 4, headEnd + 4 + length)
        : undefined;
      pending = pending.subarray(headEnd + 4 + length);
      note(status, performance.now() - sent);
      next(body);
    });
  });
}
