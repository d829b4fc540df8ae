// The limit of sign-in and registration: bcrypt on all cores and nothing else, as many at once as
// there are cores. Order: {cost, seconds}; answer: checks a second.
import { availableParallelism } from 'node:os';
process.env.UV_THREADPOOL_SIZE = String(availableParallelism());
const { default: bcrypt } = await import('bcrypt');

process.once('message', (order) => void measure(order));

async function measure({ cost, seconds }) {
  const hash = await bcrypt.hash('correct horse battery staple', cost);
  const began = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      while (performance.now() - began < seconds * 1000) {
        await bcrypt.compare('correct horse battery staple', hash);
        done++;
      }
    }),
  );
  process.send(done / ((performance.now() - began) / 1000));
  process.disconnect();
}
