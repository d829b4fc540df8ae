import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds so that a person can read them: `p50 3 ms, p99 21 ms, max 40 ms`. */
export function spread(times) {
  if (times.length === 0) return 'none';
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return `p50 ${ms(at(0.5))}, p99 ${ms(at(0.99))}, max ${ms(sorted.at(-1))}`;
}

export function ms(value) {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

export function mb(bytes) {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}

/** How often each value occurs, as text: `200: 199, 503: 1`. */
export function tally(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return sorted.map(([value, count]) => `${value}: ${count}`).join(', ') || 'none';
}

/**
 * Calls `work` so many times a second, whether or not earlier calls have come back, until
 * `duration` ms have passed; then waits for the last ones. At most 2000 are under way.
 */
export async function atRate(perSecond, duration, work) {
  const running = new Set();
  const begun = performance.now();
  let failure;
  for (let nr = 0; failure === undefined;) {
    const passed = performance.now() - begun;
    if (passed > duration) break;
    for (const due = (passed * perSecond) / 1000; nr < due && running.size < 2000; nr++) {
      const one = work(nr)
        .catch((error) => (failure ??= error))
        .finally(() => running.delete(one));
      running.add(one);
    }
    await sleep(2);
  }
  await Promise.all(running);
  if (failure !== undefined) throw failure;
}

/** Starts `work` so many times without waiting in between; gives what each gave. */
export function atOnce(count, work) {
  return Promise.all(Array.from({ length: count }, (_, nr) => work(nr)));
}

/** Calls `work` for 0 to `count` - 1 in so many lanes. */
export async function inLanes(lanes, count, work) {
  let next = 0;
  await atOnce(lanes, async () => {
    while (next < count) await work(next++);
  });
}

/** Calls `work` again and again until `stop` is called, which waits for the last call. */
export function repeat(work, pauseMs = 0) {
  let stopped = false;
  const done = (async () => {
    while (!stopped) {
      await work();
      await sleep(pauseMs);
    }
  })();
  return async () => {
    stopped = true;
    await done;
  };
}

/** False when `check` was not true within so many milliseconds. */
export async function within(longest, check, pauseMs = 50) {
  const end = performance.now() + longest;
  for (;;) {
    if (await check()) return true;
    if (performance.now() > end) return false;
    await sleep(pauseMs);
  }
}

/** Slope of a straight line through the points, in units of y for one of x. */
export function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map((point) => point[0]));
  const y = mean(points.map((point) => point[1]));
  const above = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0);
  const below = points.reduce((sum, [px]) => sum + (px - x) ** 2, 0);
  return below === 0 ? 0 : above / below;
}
