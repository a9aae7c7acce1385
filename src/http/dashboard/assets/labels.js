// Labels and explanations of decisions, and formats of numbers and names.

/** Texts for each decision. `tooltip` continues the label, and `description` is used on its own. */
const DECISION_TEXTS = {
  applied: {
    tooltip: 'changed the stored data',
    description: 'The event changed the stored data.',
  },
  stale: {
    tooltip: 'older than the stored data',
    description: 'The event is older than the stored data.',
  },
  ignored: {
    tooltip: 'the event type is not synced',
    description: 'The event type is not synced. The event is stored without personal data.',
  },
  tombstoned: {
    tooltip: 'the object or its owner has been deleted',
    description:
      'The object, its user or its organization has been deleted. Deletion is permanent, so the ' +
      'event was not applied.',
  },
  quarantined: {
    tooltip: 'belongs to another Clerk instance',
    description:
      'The event names another Clerk instance than the configured one, or no instance at all.',
    remediation:
      'If the instance is yours, correct clerk.instance_id and reprocess the event. ' +
      'Otherwise, delete its endpoint in Clerk.',
  },
  failed: {
    tooltip: 'could not be decoded or stored',
    description:
      'The signature was valid, but the payload could not be decoded or the database rejected it.',
    remediation:
      'Upgrade the service, then reprocess the event. It stays stored until then, ' +
      'and Svix does not send it again. If it can never be applied, dismiss it.',
  },
  dismissed: {
    tooltip: 'put aside by an operator',
    description:
      'The event failed or was quarantined, and an operator dismissed it. It was not applied.',
    remediation: 'It can still be reprocessed.',
  },
}

/** Decisions in the order in which they are listed. */
export const DECISIONS = Object.keys(DECISION_TEXTS)

/** Returns the label of a decision: `Applied`. */
export const label = (decision) => capitalize(decision)

/** Returns the tooltip of a decision: `Applied: changed the stored data`. */
export function tooltip(decision) {
  const text = DECISION_TEXTS[decision]?.tooltip
  return text ? `${label(decision)}: ${text}` : ''
}

/** Returns the sentence that explains a decision. */
export const description = (decision) => DECISION_TEXTS[decision]?.description ?? ''

/** Returns the next step for a decision, or an empty text. */
export const remediation = (decision) => DECISION_TEXTS[decision]?.remediation ?? ''

/** Returns whether an event with this decision can be reprocessed. */
export const isOpen = (decision) =>
  ['failed', 'quarantined', 'ignored', 'dismissed'].includes(decision)

/** Label of an event whose body names no type. */
export const NO_TYPE = '(no type)'

/** Event types that the filter suggests. */
export const COMMON_TYPES = [
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
  'organizationMembership.updated',
  'organizationMembership.deleted',
  'meetvo.user.fetched',
  'meetvo.user.erased',
  'meetvo.event.reprocessed',
]

const NUMBER = new Intl.NumberFormat('en')
export const count = (number) => NUMBER.format(number)

/** Returns `1 event`, `2 events`. */
export const countEvents = (number) => `${count(number)} ${number === 1 ? 'event' : 'events'}`

export const capitalize = (text) => text.charAt(0).toUpperCase() + text.slice(1)

/** Returns the name of a user, or else the best known identifier. */
export const displayName = (user) =>
  [user.first_name, user.last_name].filter(Boolean).join(' ') ||
  user.username ||
  user.email ||
  user.phone_number ||
  user.id
