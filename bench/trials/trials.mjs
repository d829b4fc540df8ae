import { backup } from './backup.mjs';
import { clock } from './clock.mjs';
import { crashMail } from './crash-mail.mjs';
import { diskFull } from './disk-full.mjs';
import { headerBombs } from './header-bombs.mjs';
import { keys } from './keys.mjs';
import { kill } from './kill.mjs';
import { locks } from './locks.mjs';
import { loginFlood } from './login-flood.mjs';
import { overload } from './overload.mjs';
import { pipelining } from './pipelining.mjs';
import { refreshStorm } from './refresh-storm.mjs';
import { sessions } from './sessions.mjs';
import { sigterm } from './sigterm.mjs';
import { slowClients } from './slow-clients.mjs';
import { smtp } from './smtp.mjs';
import { soak } from './soak.mjs';

/**
 * Every trial: `{name, title, promise, run(trial)}`; `needs()` names what is missing on this
 * machine; `waits`: mostly waits, so that the short form runs it beside the others.
 */
export const TRIALS = [
  kill,
  refreshStorm,
  smtp,
  crashMail,
  diskFull,
  locks,
  sessions,
  loginFlood,
  overload,
  pipelining,
  clock,
  sigterm,
  headerBombs,
  slowClients,
  soak,
  backup,
  keys,
];
