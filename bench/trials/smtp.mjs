import { setTimeout as sleep } from 'node:timers/promises';
import { count, rows } from './support/database.mjs';
import { FAULTS, MailSink } from './support/mail-sink.mjs';
import { atOnce, inLanes, spread, within } from './support/measure.mjs';
import { PASSWORD } from './support/people.mjs';

export const smtp = {
  name: 'smtp',
  title: 'A mail server that refuses, hangs, is slow, puts off, rejects, or breaks TLS',
  promise:
    'Requests are answered as ever, every mail arrives once the mail server works, twice at most, rejected ones are parked, and none goes out in the clear where TLS is required.',
  waits: true,
  run,
};

/** From the mail server's return to the last mail, in milliseconds: the promise is 60 s. */
const LONGEST = 75_000;

async function run(t) {
  const mails = t.size({ short: 8, full: 150 });
  const faultMs = t.size({ short: 3000, full: 30_000 });
  const healthy = await ask(t, undefined, mails, 0);
  t.number('works', `${mails} mails, requests ${spread(healthy.times)}`);
  const results = [];
  const lanes = t.options.short ? 4 : 2;
  await inLanes(lanes, FAULTS.length, async (nr) => {
    results[nr] = await ask(t, FAULTS[nr], mails, faultMs);
    t.say(`${FAULTS[nr]}: done`);
  });
  let taken = healthy.taken;
  for (const [nr, result] of results.entries()) {
    t.number(FAULTS[nr], `${result.story}, requests ${spread(result.times)}`);
    taken += result.taken;
    t.expect(
      result.text === healthy.text,
      `${FAULTS[nr]}: the answer differs: ${result.text} for ${healthy.text}`,
    );
  }
  t.number(
    'delivered',
    `${taken} of ${mails * (FAULTS.length + 1)}, the rejected ones twice asked for`,
  );
  await neverInTheClear(t);
}

/** Registers people while the mail server fails, lets it work, and waits for their mails. */
async function ask(t, fault, mails, faultMs) {
  const sink = new MailSink();
  t.afterwards(() => sink.stop());
  await sink.start();
  const env = { SMTP_URL: sink.url, MAIL_FROM: 'no-reply@example.org' };
  const server = await t.start(env);
  await sink.become(fault);

  const register = (nr) =>
    server.post('/auth/register', { email: `person${nr}@example.org`, password: PASSWORD });
  const answers = [];
  await inLanes(4, mails, async (nr) => (answers[nr] = await register(nr)));
  for (const answer of answers) t.expectStatus(answer, 202, `registration while it ${fault}`);
  await sleep(faultMs);
  const ready = await server.get('/health/ready');
  t.expectStatus(ready, 200, `ready while the mail server ${fault}`);
  t.expect(fault === undefined || sink.taken === 0, `${fault}: ${sink.taken} mails were taken`);
  const attempts = sink.connections;

  await sink.become(undefined);
  const begun = performance.now();
  const rejected = fault === 'rejects (550)';
  if (rejected) await expectParked(t, server, mails, sink);
  const all = await within(LONGEST, () => sink.taken === mails);
  t.expect(all, `${fault}: ${sink.taken} of ${mails} mails arrived`);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const settled = await within(
    10_000,
    () => count(server.dataDir, 'OutboxMail', `state = 'sent'`) === mails,
  );
  t.expect(settled, `${fault}: a mail that arrived is not marked as sent`);

  const often = [...sink.mails.values()].filter((mail) => mail.cameIn > 2).length;
  t.expect(often === 0, `${fault}: ${often} mails came in more than twice`);
  expectRows(t, server, sink, fault);
  const twice = [...sink.mails.values()].filter((mail) => mail.cameIn > 1).length;
  await server.end();
  await sink.stop();
  return {
    times: answers.map((answer) => answer.ms),
    text: answers[0].text,
    taken: sink.taken,
    story: `${attempts} attempts while it lasted, all ${mails} mails ${seconds} s after, ${twice} of them twice`,
  };
}

/** Rejected mails are given up for good; whoever asks again gets one. */
async function expectParked(t, server, mails, sink) {
  const parked = () => count(server.dataDir, 'OutboxMail', `state = 'dead' AND data IS NULL`);
  t.expect(await within(LONGEST, () => parked() === mails), `${parked()} of ${mails} are parked`);
  t.expect(sink.mails.size === 0, 'a rejected mail was sent again');
  const again = await atOnce(mails, (nr) =>
    server.post('/auth/register', { email: `person${nr}@example.org`, password: PASSWORD }),
  );
  for (const answer of again) t.expectStatus(answer, 202, 'registration after a rejected mail');
}

/** No mail without its row. */
function expectRows(t, server, sink, fault) {
  const ids = new Set(rows(server.dataDir, 'SELECT id FROM OutboxMail').map(({ id }) => id));
  const strangers = [...sink.mails.keys()].filter((id) => !ids.has(id));
  t.expect(strangers.length === 0, `${fault}: ${strangers.length} mails without a row`);
}

/** A mail server without TLS gets nothing where TLS is required, and nothing is given up. */
async function neverInTheClear(t) {
  const sink = await new MailSink().start();
  t.afterwards(() => sink.stop());
  const server = await t.start({
    SMTP_URL: sink.url,
    MAIL_FROM: 'no-reply@example.org',
    SMTP_TLS: 'required',
  });
  await atOnce(5, (nr) =>
    server.post('/auth/register', { email: `person${nr}@example.org`, password: PASSWORD }),
  );
  const heard = [];
  sink.onCommand = (verb) => heard.push(verb);
  await within(10_000, () => sink.connections > 0);
  await sleep(2000);
  t.expect(!heard.includes('RCPT') && sink.mails.size === 0, 'a mail was begun without TLS');
  const kept = count(server.dataDir, 'OutboxMail', `state IN ('queued', 'sending')`);
  t.expect(kept === 5, `${kept} of 5 mails wait for TLS`);
  t.number(
    'TLS required, none offered',
    `nothing sent in ${sink.connections} attempts, 5 mails wait`,
  );
  await server.end();
}
