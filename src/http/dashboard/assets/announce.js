// Announcements for screen readers, in a live region that all views share.

/** Announces a text. */
export function announce(text) {
  document.getElementById('announcements').textContent = text
}
