// Drives a server with autocannon from a process of its own: the generator the budget's figures for
// single reads are about. Started by drive() in processes.mjs; speaks over process.send.
import autocannon from 'autocannon';

process.on('message', (order) => void answer(order));

/** @param order as of load.mjs; `kind` is `get`, and each connection sends all `authorizations` in turn */
async function answer({ port, connections, seconds, data: { path, authorizations } }) {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    duration: seconds,
    requests: authorizations.map((authorization) => ({
      method: 'GET',
      path,
      headers: { authorization },
    })),
  });
  const { latency, statusCodeStats, errors, timeouts, duration } = result;
  const statuses = Object.fromEntries(
    Object.entries(statusCodeStats).map(([status, { count }]) => [status, count]),
  );
  const count = Object.values(statuses).reduce((sum, one) => sum + one, 0);
  process.send({
    count,
    perSecond: count / duration,
    p50: latency.p50,
    p99: latency.p99,
    statuses,
    failures: errors + timeouts > 0 ? [`${errors} errors, ${timeouts} timeouts`] : [],
    elapsed: duration,
  });
  process.disconnect();
}
