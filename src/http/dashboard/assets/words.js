// What the service's words mean, for those who read them here first.

/** What can become of an event, in the order in which one looks at it. */
export const DECISIONS = ['applied', 'stale', 'ignored', 'tombstoned', 'quarantined', 'failed']

/** What each says, where the service gives no reason. */
const MEANINGS = {
  applied: 'It changed what is stored.',
  stale: 'Nothing in it was newer than what is stored.',
  ignored: 'Its type is not synced. It is kept without what is personal in it.',
  tombstoned: 'Its user is deleted, and nothing comes back from that.',
  quarantined: 'It is of another Clerk instance than the one that is configured, or of none.',
  failed: 'It was signed, but not understood, or refused by the database.',
}

/** What one can do about it. */
const MENDS = {
  quarantined:
    'If the instance is yours, set clerk.instance_id right and reprocess it; if not, delete its endpoint in Clerk.',
  failed: 'Reprocess it after an upgrade; until then it stays here, and Clerk is not asked to send it again.',
}

export const meaning = (decision) => MEANINGS[decision] ?? ''
export const mend = (decision) => MENDS[decision] ?? ''

/** Whether it may still become another. */
export const isOpen = (decision) => ['failed', 'quarantined', 'ignored'].includes(decision)

/** Types that Clerk sends often, to choose from. */
export const TYPES = [
  'user.created',
  'user.updated',
  'user.deleted',
  'session.created',
  'session.pending',
  'session.ended',
  'session.removed',
  'session.revoked',
  'email.created',
  'sms.created',
  'organization.created',
  'organizationMembership.created',
  'meetvo.user.fetched',
  'meetvo.user.erased',
  'meetvo.event.reprocessed',
]

const COUNT = new Intl.NumberFormat('en')
export const count = (number) => COUNT.format(number)

/** `1 event`, `2 events` */
export const events = (number) => `${count(number)} ${number === 1 ? 'event' : 'events'}`

/** What a user is called: the name, or else the least that tells who it is. */
export const named = (user) =>
  [user.first_name, user.last_name].filter(Boolean).join(' ') ||
  user.username ||
  user.email ||
  user.phone_number ||
  user.id
