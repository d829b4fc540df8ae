// Wrong passwords, so many a second: a process of its own, so that it takes no time from the trial.
import { Client } from './client.mjs';
import { atRate } from './measure.mjs';

const [port, perSecond, duration] = process.argv.slice(2).map(Number);
const client = new Client(port);
const answers = [];
await atRate(perSecond, duration, async (nr) => {
  const email = `person${nr % 20}@example.org`;
  const answer = await client.post('/auth/login', { email, password: `wrong ${nr}` });
  answers.push({ status: answer.status, retryAfter: answer.headers['retry-after'] });
});
process.send(answers, () => process.exit(0));
