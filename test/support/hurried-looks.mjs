// For `node --import`: what a server looks at every few minutes, it looks at every few milliseconds.
const MINUTES = 60_000;
const { setTimeout: wait } = globalThis;

globalThis.setTimeout = Object.assign(
  (work, ms, ...rest) => wait(work, ms >= MINUTES ? ms / MINUTES : ms, ...rest),
  wait,
);
