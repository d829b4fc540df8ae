import type { AuditEventType } from './audit.js';

/** Every type of event there is, each with what it says. */
export const EVENT_TYPES = {
  'database.restored':
    'A backup was put in the place of the database; every session ended with it unless told otherwise.',
  'key.rotated': 'Another key signs access tokens from now on. `before` says which one did.',
  'key.retired': 'A signing key was erased, because no token it signed lives any more, or unused.',
  'key.compromised':
    'A signing key was erased at once, and with it the access tokens it had signed. `after` says which one signs now.',
  'master_key.rotated':
    'The database was put under another master key, and what it holds encrypted was encrypted again.',
  'access.reviewed': 'Somebody looked at who may do what, and recorded it.',
  'login.failed_burst':
    'So many wrong passwords were tried on an account that strangers are turned away for a while.',
  'suspicious.detected':
    'A rule found something suspicious. `after` says which rule, and what it counted; the subject is the account or role, if there is one.',
  'limits.lifted': 'An administrator lifted the limits of an account.',
  'audit.chained':
    'Lines from before there was a hash chain, up to the subject, were bound into it.',
  'user.registered': 'Somebody registered an address that nobody has confirmed.',
  'registration.repeated': 'Somebody registered an address that has an account.',
  'user.verified': 'An address was confirmed.',
  'user.invited': 'An administrator made an account.',
  'user.imported': 'An account was brought in from another system.',
  'user.updated': 'Name or language of an account were changed; which, not to what.',
  'user.disabled': 'An account was disabled.',
  'user.enabled': 'A disabled account was enabled.',
  'user.deleted': 'An account was deleted.',
  'administrator.created': 'The server made an account an administrator.',
  'login.succeeded': 'A session began.',
  'login.reauthenticated': 'Somebody who is signed in proved again who they are.',
  'refresh.reused': 'A refresh token was used twice, and its session was ended.',
  'session.ended': 'One or more sessions were ended.',
  'password.changed': 'A password was set.',
  'password.reset_started': 'An administrator had a reset link mailed.',
  'email.change_requested': 'Somebody asked to move their account to another address.',
  'email.change_cancelled': 'That move was cancelled.',
  'email.changed': 'An account was moved to another address.',
  'mfa.enrolled': 'A second factor was added. `after` says of which kind.',
  'mfa.removed': 'A second factor was removed. `before` says of which kind.',
  'mfa.recovery_codes_renewed': 'New recovery codes were made; the old ones no longer work.',
  'mfa.recovery_code_used':
    'A recovery code stood in for a second factor. `after` says how many are left.',
  'mfa.challenge_failed':
    'A sign-in with the right password stopped at a wrong second factor; told once an hour.',
  'device.trusted': 'A device need not prove a second factor for thirty days.',
  'device.trust_ended': 'One or more devices have to prove a second factor again.',
  'invitation.repeated': 'An administrator had an invitation mailed again.',
  'account.reclaimed': 'An owner said that a notified change was not theirs.',
  'api_key.created':
    'An API key was made; what it may do, from where and until when, not its name.',
  'api_key.ended': 'One or more API keys were ended.',
  'service_account.created': 'An administrator made an account that has no password.',
  'passkey.counter_went_back':
    'A passkey signed with a counter that had been seen before, as a copy of it would; it was refused.',
  'roles.changed': 'The roles of an account were changed.',
  'role.created': 'A role was made.',
  'role.changed': 'A role was changed.',
  'role.deleted': 'A role was deleted.',
  'service.registered': 'A service was registered.',
  'service.removed': 'A service was removed.',
} as const satisfies Record<AuditEventType, string>;

/** Their names, in that order. */
export const EVENT_TYPE_NAMES = Object.keys(EVENT_TYPES) as AuditEventType[];
