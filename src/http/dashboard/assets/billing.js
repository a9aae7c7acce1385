// Billing: the plan, the items and the payments of a payer, and the page with the subscriptions that
// have a payment due and all plans.

import { get } from './api.js'
import { card, empty, fields, load, timeOrNull } from './components.js'
import { h } from './dom.js'
import { count } from './labels.js'
import { linkTo } from './route.js'
import { table } from './table.js'
import { relativeTime } from './time.js'

/** Maximum number of objects that are shown. */
const PAGE_SIZE = 100

/** Cards of a payer. `section` is `users` or `organizations`. */
export const billingCards = (section, payerId, signal) => [
  loadedCard('Plan', signal, () => get([section, payerId, 'entitlements'], {}, signal), plan),
  loadedCard(
    'Subscription items',
    signal,
    () => get([section, payerId, 'subscriptions'], {}, signal),
    ({ items }) => itemList(items, item, 'No subscription items.'),
  ),
  loadedCard(
    'Payments',
    signal,
    () => {
      const payer = section === 'users' ? 'user_id' : 'organization_id'
      return get(['payment-attempts'], { [payer]: payerId, limit: PAGE_SIZE }, signal)
    },
    ({ data }) => itemList(data, payment, 'No payments.'),
  ),
]

function loadedCard(title, signal, read, show) {
  const content = h('div')
  load(content, signal, read, show)
  return card(title, content)
}

const itemList = (items, show, emptyText) =>
  items.length
    ? h(
        'ul',
        { class: 'items' },
        items.map((shown) => h('li', {}, show(shown))),
      )
    : h('p', { class: 'muted' }, emptyText)

const plan = (entitlement) =>
  fields([
    ['Plan', planName(entitlement)],
    ['Status', entitlement.status && statusBadge(entitlement.status)],
    ['Past due', entitlement.past_due ? 'yes' : null],
    ['Free trial', entitlement.trial ? 'yes' : null],
    ['Ends', timeOrNull(entitlement.ends_at)],
    ['Period ends', timeOrNull(entitlement.period_end)],
    ['Seats', entitlement.seats && (entitlement.seats.quantity ?? 'no limit')],
    ['Features', features(entitlement)],
  ])

const planName = ({ plan_name: name, plan: key, is_default: isDefault }) =>
  [name ?? key ?? 'unknown', isDefault ? ' (default plan)' : '']

const features = ({ features: keys }) =>
  keys === null ? 'unknown, because the plan is not synced' : keys.join(', ')

const statusBadge = (status) =>
  h('span', { class: `badge ${status === 'active' || status === 'paid' ? 'applied' : ''}` }, status)

const amount = (cents, currency) => {
  if (cents === null) return ''
  return `${(cents / 100).toFixed(2)} ${currency ?? ''}`
}

const item = (shown) => [
  h(
    'div',
    { class: 'line' },
    h('strong', {}, shown.plan_name ?? shown.plan_slug ?? 'unknown plan'),
    h('span', { class: 'end' }, statusBadge(shown.status ?? 'unknown')),
  ),
  h(
    'div',
    { class: 'line muted' },
    h('span', {}, amount(shown.plan_amount, shown.plan_currency), ' ', shown.plan_period ?? ''),
    shown.period_end && h('span', { class: 'end' }, 'ends ', relativeTime(shown.period_end)),
  ),
]

const payment = (shown) => [
  h(
    'div',
    { class: 'line' },
    h('strong', {}, amount(shown.grand_total, shown.currency)),
    h('span', { class: 'end' }, statusBadge(shown.status ?? 'unknown')),
  ),
  h(
    'div',
    { class: 'line muted' },
    h('span', {}, [shown.failed_code, shown.decline_code].filter(Boolean).join(' · ')),
    shown.updated_at && h('span', { class: 'end' }, relativeTime(shown.updated_at)),
  ),
]

export const billing = (route, signal) =>
  h(
    'div',
    {},
    h('div', { class: 'head' }, h('h1', {}, 'Billing')),
    h(
      'div',
      { class: 'stack' },
      tableCard(
        'Payments due',
        () => get(['subscriptions'], { status: 'past_due', limit: PAGE_SIZE }, signal),
        SUBSCRIPTION_COLUMNS,
        () => empty('No payment is due', 'Subscriptions with a payment that is due appear here.'),
        signal,
      ),
      tableCard(
        'Plans',
        () => get(['plans'], { limit: PAGE_SIZE }, signal),
        PLAN_COLUMNS,
        () =>
          empty(
            'No plans yet',
            'Clerk sends no webhooks about plans. To import them, run:',
            h('br'),
            h('pre', {}, 'meetvo backfill'),
          ),
        signal,
      ),
    ),
  )

function tableCard(title, read, columns, none, signal) {
  const content = h('div')
  load(content, signal, read, ({ data, next_cursor: next }) => [
    data.length ? table(title, columns, data) : none(),
    next && h('p', { class: 'muted padded' }, `Only the first ${count(PAGE_SIZE)} are shown.`),
  ])
  return card(title, content, { flush: true })
}

const payerLink = ({ user_id: userId, organization_id: organizationId }) =>
  organizationId
    ? h('a', { class: 'id', href: linkTo(['organizations', organizationId]) }, organizationId)
    : h('a', { class: 'id', href: linkTo(['users', userId]) }, userId)

const SUBSCRIPTION_COLUMNS = [
  { name: 'Payer', cell: payerLink },
  { name: 'Due since', kind: 'nowrap', cell: (shown) => timeOrNull(shown.past_due_at) ?? '' },
  { name: 'Subscription ID', cell: (shown) => h('span', { class: 'id muted' }, shown.id) },
]

const PLAN_COLUMNS = [
  { name: 'Plan', cell: (shown) => h('strong', {}, shown.name ?? shown.id) },
  { name: 'Key', kind: 'nowrap', cell: (shown) => h('span', { class: 'id' }, shown.slug ?? '') },
  { name: 'For', cell: (shown) => shown.for_payer_type ?? '' },
  { name: 'Fee per month', kind: 'nowrap', cell: (shown) => amount(shown.amount, shown.currency) },
  {
    name: 'Features',
    cell: (shown) => h('span', { class: 'id' }, (shown.features ?? []).join(', ')),
  },
]
