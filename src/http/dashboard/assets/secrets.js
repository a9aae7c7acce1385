// When each signing secret last matched, and which one can go.

import { h } from './dom.js'
import { card, empty } from './parts.js'
import { DAYS, HOUR, moment, span } from './time.js'

/** After so long without a delivery Clerk tries no more of those that it once sent: the last of its attempts
    comes some 28 hours after the first. */
const SILENT = 2 * DAYS

/** When a delivery last came, if one did. What is fetched from Clerk or done here makes events as well; a secret matches deliveries alone. */
export function lastDelivery(secrets) {
  return secrets.map((secret) => secret.last_used_at).sort().at(-1)
}

export function secretsCard(secrets) {
  const newest = Date.parse(lastDelivery(secrets))
  const rows = secrets.map((secret) => {
    const behind = newest - Date.parse(secret.last_used_at)
    return h(
      'li',
      {},
      h(
        'div',
        { class: 'line' },
        h('strong', { class: 'id' }, secret.label),
        h('span', { class: 'end muted' }, 'used ', moment(secret.last_used_at)),
      ),
      verdict(behind, secrets.length),
    )
  })
  const none = empty(
    'No delivery yet',
    'Add the endpoint in Clerk’s dashboard under Webhooks, or post a made-up event:',
    h('br'),
    h('pre', {}, 'meetvo trigger user.created'),
  )
  return card('Signing secrets', rows.length ? h('ul', { class: 'items' }, rows) : none)
}

function verdict(behind, secrets) {
  if (secrets < 2) return null
  if (behind < HOUR) return h('p', { class: 'muted' }, 'In use.')
  if (behind < SILENT)
    return h(
      'p',
      { class: 'muted' },
      `Silent for ${span(behind)} while another is used. Wait until it is two days: Clerk may still try once more what it sent.`,
    )
  return h(
    'p',
    {},
    h('span', { class: 'badge applied' }, 'Safe to delete'),
    ` Silent for ${span(behind)} while another is used. Where that one’s endpoint has all of its types, its own can go in Clerk, and then the secret.`,
  )
}
