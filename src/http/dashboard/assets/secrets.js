// Card with the last use of each signing secret, and the secrets that are safe to delete.

import { card, empty } from './components.js'
import { h } from './dom.js'
import { DAY, HOUR, duration, relativeTime } from './time.js'

/** Time without a match after which a secret is safe to delete. Svix sends its last retry about 28
    hours after the first attempt. */
const SAFE_AFTER = 2 * DAY

/** Returns the time of the last delivery. Events that the service created itself or fetched from
    Clerk do not count, because only deliveries match a secret. */
export function lastDelivery(secrets) {
  return secrets
    .map((secret) => secret.last_used_at)
    .sort()
    .at(-1)
}

export function secretsCard(secrets) {
  const newest = Date.parse(lastDelivery(secrets))
  const rows = secrets.map((secret) =>
    h(
      'li',
      {},
      h(
        'div',
        { class: 'line' },
        h('strong', { class: 'id' }, secret.label),
        h('span', { class: 'end muted' }, 'Last used ', relativeTime(secret.last_used_at)),
      ),
      secrets.length > 1 && advice(newest - Date.parse(secret.last_used_at)),
    ),
  )
  const noSecrets = () =>
    empty(
      'No deliveries yet',
      'In Clerk’s dashboard, add an endpoint under Webhooks. To send a test event, run:',
      h('br'),
      h('pre', {}, 'meetvo trigger user.created'),
    )
  return card('Secret rotation', rows.length ? h('ul', { class: 'items' }, rows) : noSecrets())
}

/** Returns the advice for a secret. `unusedFor` is the time between its last use and the last
    delivery, in milliseconds. */
function advice(unusedFor) {
  if (unusedFor < HOUR) return h('p', { class: 'muted' }, 'In use.')
  const state = `Unused for ${duration(unusedFor)} while another secret is in use.`
  if (unusedFor < SAFE_AFTER)
    return h(
      'p',
      { class: 'muted' },
      state,
      ' Keep it until it is unused for two days: Svix can still retry deliveries that it signed.',
    )
  return h(
    'p',
    {},
    h('span', { class: 'badge applied' }, 'Safe to delete'),
    ` ${state} Check that the endpoint in use subscribes to the same event types. `,
    'Then delete the old endpoint in Clerk, and remove this secret from the settings.',
  )
}
