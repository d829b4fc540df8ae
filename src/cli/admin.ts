import type { INestApplicationContext } from '@nestjs/common';
import { mayNotSignIn } from '../auth/login/sign-in.policy.js';
import { AdministratorMaker } from '../auth/setup/administrator-maker.js';
import { canonicalEmail } from '../common/email-address.js';
import { Accounts } from '../users/accounts.js';
import { readPassword } from './read-password.js';
import { runTool, UsageError } from './tool.js';

const USAGE = `Usage: npm run admin -- create <email> [--new]

Makes <email> an administrator. A confirmed account keeps its password; otherwise you are asked for
one (or it is the first line of standard input). --new makes the database if there is none.`;

/** npm run admin */
async function admin(tools: INestApplicationContext, args: string[]): Promise<void> {
  const [command, email, ...rest] = args;
  if (command !== 'create' || email === undefined || rest.length > 0) throw new UsageError(USAGE);
  const emailKey = canonicalEmail(email);
  if (emailKey === undefined)
    throw new UsageError(`${email} is not an e-mail address.\n\n${USAGE}`);

  const maker = tools.get(AdministratorMaker);
  const account = await tools.get(Accounts).findByEmail(emailKey);
  if (account?.passwordHash && !mayNotSignIn(account)) {
    await maker.promote(account);
    console.log(`${account.email} is an administrator now, with the password it had.`);
    return;
  }
  await maker.makeAnother(email, await readPassword());
  console.log(`${email} is an administrator now.`);
}

void runTool(admin);
