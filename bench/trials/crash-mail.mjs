import { setTimeout as sleep } from 'node:timers/promises';
import { expectWhole, rows } from './support/database.mjs';
import { MailSink } from './support/mail-sink.mjs';
import { atOnce, within } from './support/measure.mjs';
import { PASSWORD } from './support/people.mjs';

export const crashMail = {
  name: 'crash-mail',
  title: 'kill -9 between the commit and the mail',
  promise:
    'A mail that was promised is sent after the restart, once more at most for each time its handing over was cut short, and none without its row.',
  run,
};

const PER_ROUND = 5;

/**
 * Where the kill falls, as the mail server sees it. The worker pauses for 50 ms or more before it
 * decides, so right after the last 202 nothing is decided; a worker that is heard by the mail
 * server has committed its claim; once the message has come in, only the note that it did is missing.
 */
const MOMENTS = {
  'right after the 202': (answers) => answers,
  'at a random moment': async (answers) => {
    await answers;
    await sleep(Math.random() * 300);
  },
  'while a mail is handed over': (answers, sink) => heard(answers, sink, 'RCPT'),
  'before it is noted as sent': (answers, sink) => heard(answers, sink, 'message'),
};

async function run(t) {
  const rounds = t.rounds({ short: 4, full: 200 });
  const sink = await new MailSink().start();
  t.afterwards(() => sink.stop());
  const env = { SMTP_URL: sink.url, MAIL_FROM: 'no-reply@example.org' };
  const dataDir = t.folder();
  const names = Object.keys(MOMENTS);
  const kills = Object.fromEntries(names.map((name) => [name, 0]));
  const promised = [];
  const cutShort = new Map();

  for (let round = 0; round < rounds; round++) {
    const server = await t.start(env, { dataDir });
    const before = sink.taken;
    // In the short form a dead process never holds a mail: that would take a minute to wait for.
    const moment = t.options.short ? names[0] : names[round % names.length];
    const ask = atOnce(PER_ROUND, async (nr) => {
      const email = `person${round}-${nr}@example.org`;
      const answer = await server.post('/auth/register', { email, password: PASSWORD });
      if (t.expectStatus(answer, 202, email)) promised.push(email);
    }).catch(() => {}); // cut off by the kill: then nothing was promised
    await MOMENTS[moment](ask, sink);
    await server.end('SIGKILL');
    await ask;
    kills[moment]++;
    // What the dead process held may or may not have come through.
    for (const { id } of rows(dataDir, `SELECT id FROM OutboxMail WHERE state = 'sending'`)) {
      cutShort.set(id, (cutShort.get(id) ?? 0) + 1);
    }
    expectWhole(t, dataDir, `round ${round}`);
    if (moment === names[0]) await deliverHere(t, env, dataDir, sink, before);
    t.say(`${round + 1}/${rounds} kills`);
  }

  const server = await t.start(env, { dataDir });
  const missing = () => {
    const arrived = new Set([...sink.mails.values()].filter((m) => m.taken > 0).map((m) => m.to));
    return promised.filter((email) => !arrived.has(email));
  };
  t.say('waiting for what dead processes held');
  await within(120_000, () => missing().length === 0, 200);
  await sleep(500);
  await server.end();

  for (const email of missing()) t.violation(`${email} was promised a mail and got none`);
  const mails = [...sink.mails.entries()];
  const ids = new Set(rows(dataDir, 'SELECT id FROM OutboxMail').map(({ id }) => id));
  t.expect(
    mails.every(([id]) => ids.has(id)),
    'a mail has no row',
  );
  for (const [id, { cameIn }] of mails) {
    const most = 1 + (cutShort.get(id) ?? 0);
    t.expect(
      cameIn <= most,
      `a mail came ${cameIn} times, and could be sent ${most} times at most`,
    );
  }
  const twice = mails.filter(([, mail]) => mail.cameIn > 1).length;
  for (const [name, some] of Object.entries(kills)) if (some > 0) t.number(`kills ${name}`, some);
  t.number(
    'mails promised and delivered',
    `${promised.length - missing().length} of ${promised.length}`,
  );
  t.number(
    'of them twice',
    `${twice} (${((100 * twice) / Math.max(1, mails.length)).toFixed(1)} %)`,
  );
}

/** Resolves when the mail server hears the command, or after two seconds without. */
async function heard(answers, sink, command) {
  const hearing = new Promise((resolve) => {
    sink.onCommand = (verb) => verb === command && resolve();
  });
  await answers;
  await Promise.race([hearing, sleep(2000)]);
  sink.onCommand = () => {};
}

/** The next start sends them, without waiting for anything. */
async function deliverHere(t, env, dataDir, sink, before) {
  const server = await t.start(env, { dataDir });
  const sent = await within(20_000, () => sink.taken >= before + PER_ROUND, 20);
  // In the full form a mail that an earlier round's dead process held may be among them.
  t.expect(sent || !t.options.short, 'mails decided by nobody are not sent by the next start');
  await within(
    5000,
    () => rows(dataDir, `SELECT 1 FROM OutboxMail WHERE state = 'sending'`).length === 0,
  );
  await server.end();
}
