import type { INestApplicationContext } from '@nestjs/common';
import { lastTokenEnds, readyAt } from '../auth/tokens/key.policy.js';
import { type SigningKeyRow, SigningKeyStore } from '../auth/tokens/signing-key-store.js';
import { Refusal } from '../common/errors/refusal.js';
import { Config } from '../config/config.js';
import { chooseDatabase } from './chosen-database.js';
import { runCommand } from './command.js';
import { rotateMasterKey } from './keys-master.js';
import { runTool, UsageError } from './tool.js';

const USAGE = `Usage: npm run keys -- list
       npm run keys -- rotate [--now]
       npm run keys -- retire [<kid>]
       npm run keys -- compromise <kid>
       npm run keys -- rotate-master

list        shows the keys that sign access tokens.
rotate      lets the next key sign, if it has been published long enough for everybody to know it.
            --now does not wait: services that verify by themselves may refuse good tokens until
            they read the keys again.
retire      erases the keys of which no token lives any more, or the one that is named.
compromise  erases a key at once. Access tokens it has signed are refused from then on; sessions go
            on by their refresh tokens. Asks nothing.
rotate-master  puts the database under another master key, and encrypts again what it holds
            encrypted. Not while a server runs. The new key is made, or is MASTER_KEY_NEW.

A running server follows within a second. --new makes the database if there is none.
More: docs/operators.md`;

/** npm run keys */
async function keys(tools: INestApplicationContext, args: string[]): Promise<void> {
  const [command, ...rest] = args;
  const work = COMMANDS.get(command ?? '');
  if (!work) throw new UsageError(USAGE);
  const store = tools.get(SigningKeyStore);
  await store.makeMissing();
  await work(store, rest, tools.get(Config));
}

type Command = (store: SigningKeyStore, args: string[], config: Config) => Promise<void> | void;

/** By hand, not by parseArgs: a kid may begin with a hyphen. */
const COMMANDS = new Map<string, Command>(
  Object.entries<Command>({
    list(store, args, config) {
      assertUsage(args.length === 0);
      for (const row of store.rows()) console.log(lineOf(row, config));
    },

    async rotate(store, args) {
      const now = args.includes('--now');
      assertUsage(args.length === (now ? 1 : 0));
      const done = await store.rotate(now);
      if ('readyAt' in done) {
        throw new Refusal(
          `The next key may sign from ${done.readyAt.toISOString()} on, when everybody who verifies tokens knows it. Until then only --now makes it.`,
        );
      }
      console.log(`${done.active} signs from now on. ${done.previous} stays until its last token.`);
    },

    async retire(store, [kid, ...rest]) {
      assertUsage(rest.length === 0 && kid !== '--now');
      if (kid === undefined) {
        const gone = await store.retireDue();
        console.log(gone.length === 0 ? 'None is due.' : `Erased: ${gone.join(', ')}`);
      } else {
        await store.retire(kid);
        console.log(`Erased: ${kid}`);
      }
    },

    async compromise(store, [kid, ...rest]) {
      assertUsage(kid !== undefined && rest.length === 0);
      const active = await store.compromise(kid!);
      console.log(`Erased: ${kid}. Nothing it has signed is taken any more.
${active} signs. Services that verify by themselves take old tokens until they read the keys again.`);
    },
  }),
);

function lineOf(row: SigningKeyRow, { accessTokenTtl }: Config): string {
  const { kid, alg, state, createdAt, activatedAt } = row;
  const dates = {
    next: () => `may sign from ${readyAt({ createdAt }).toISOString()}`,
    active: () => `signs since ${(activatedAt ?? createdAt).toISOString()}`,
    retiring: () => `kept until ${lastTokenEnds(row, accessTokenTtl).toISOString()}`,
  };
  return `${kid}  ${alg}  ${state.padEnd(8)}  ${dates[state]()}`;
}

function assertUsage(right: boolean): void {
  if (!right) throw new UsageError(USAGE);
}

if (process.argv[2] === 'rotate-master') {
  void runCommand(async (config) => {
    const [, ...rest] = chooseDatabase(config, process.argv.slice(2));
    assertUsage(rest.length === 0);
    await rotateMasterKey(config);
  });
} else {
  void runTool(keys);
}
