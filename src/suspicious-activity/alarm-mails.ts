import { Injectable } from '@nestjs/common';
import { Notices } from '../auth/notices/notices.js';
import { Clock } from '../clock.js';
import { Outbox } from '../mail/outbox/outbox.js';
import type { SuspiciousActivityFacts } from '../mail/templates/mail-templates.js';
import { Accounts } from '../users/accounts.js';
import { Administrators } from '../users/administrators.js';
import { Detections } from './detections.js';
import { type RuleName, ruleOf } from './rules.js';
import type { Detection } from './watch.js';

/** How many administrators get a mail at most. */
const MOST_ADMINISTRATORS = 20;
/** Whom the cooldown of a mail is about that goes to administrators. */
const ADMINISTRATORS = 'administrators';

const KINDS: Partial<Record<RuleName, SuspiciousActivityFacts['kind']>> = {
  credential_stuffing: 'stuffing',
  distributed_stuffing: 'stuffing',
  registration_burst: 'registrations',
  distributed_registrations: 'registrations',
  permission_raised: 'permission-raised',
};

/** Who gets a mail about what a rule has found. */
@Injectable()
export class AlarmMails {
  constructor(
    private readonly notices: Notices,
    private readonly accounts: Accounts,
    private readonly administrators: Administrators,
    private readonly detections: Detections,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Call it in the transaction that records the detection. */
  async send(detection: Detection): Promise<void> {
    const { tells } = ruleOf(detection.rule);
    if (tells === 'owner') await this.#toOwner(detection);
    if (tells === 'administrators') await this.#toAdministrators(detection);
  }

  async #toOwner({ subject, ownerKnows }: Detection): Promise<void> {
    if (subject === undefined || ownerKnows) return;
    const account = await this.accounts.fresh(subject);
    if (account) await this.notices.signedInAfterFailures(account);
  }

  async #toAdministrators(detection: Detection): Promise<void> {
    const { rule, count } = detection;
    const { cooldownMs, byStrangers } = ruleOf(rule);
    // A thousand networks are told of by one mail, or strangers would fill the mailboxes.
    if (byStrangers && !(await this.detections.claim(rule, ADMINISTRATORS, cooldownMs))) return;
    for (const { email, emailKey, name, locale } of await this.administrators.mailboxes(
      MOST_ADMINISTRATORS,
    )) {
      await this.outbox.send('suspicious-activity', email, emailKey, {
        name,
        locale: locale ?? 'en', // the request is not theirs, nor is its language
        at: this.clock.now().toISOString(),
        kind: KINDS[rule]!,
        count,
        network: detection.network ?? null,
        subject: detection.subject ?? null,
      });
    }
  }
}
