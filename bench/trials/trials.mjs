import { crashMail } from './crash-mail.mjs';
import { diskFull } from './disk-full.mjs';
import { kill } from './kill.mjs';
import { locks } from './locks.mjs';
import { loginFlood } from './login-flood.mjs';
import { refreshStorm } from './refresh-storm.mjs';
import { sessions } from './sessions.mjs';
import { smtp } from './smtp.mjs';

/**
 * Every trial: `{name, title, promise, run(trial)}`; `needs()` names what is missing on this
 * machine; `waits`: mostly waits, so that the short form runs it beside the others.
 */
export const TRIALS = [kill, refreshStorm, smtp, crashMail, diskFull, locks, sessions, loginFlood];
