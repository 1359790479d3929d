// The semicolon matters: Django renames the file in an import that ends with one, and in no other.
import { initAll } from './nhsuk-frontend.min.js';

initAll()

// nhsuk-frontend marks radios that reveal a question as expanded, which ARIA does not allow on a radio. The question
// follows its radio in the page, so nothing is lost without the mark.
function unmarkRadios() {
  for (const radio of document.querySelectorAll('input[type="radio"][aria-expanded]')) {
    radio.removeAttribute('aria-expanded')
  }
}

unmarkRadios()
document.addEventListener('click', unmarkRadios)
window.addEventListener('pageshow', unmarkRadios)

// What htmx puts into a page has components of its own to start.
document.addEventListener('htmx:load', (event) => {
  if (event.detail.elt !== document.body) {
    initAll({ scope: event.detail.elt })
    unmarkRadios()
  }
})

for (const button of document.querySelectorAll('[data-print-page]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

// Puts a figure or a table into the text where the cursor is. Without script the server puts it at the end.
for (const button of document.querySelectorAll('[data-insert-into]')) {
  button.addEventListener('click', (event) => {
    const field = document.getElementById(button.dataset.insertInto)
    if (!(field instanceof HTMLTextAreaElement)) {
      return
    }
    event.preventDefault()
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, 'end')
    field.focus()
    field.dispatchEvent(new Event('input', { bubbles: true }))
  })
}

// Shows the picture that was chosen, and closes the set.
document.addEventListener('change', (event) => {
  const pictures = event.target instanceof Element && event.target.closest('.app-picture')?.closest('.app-pictures')
  if (pictures) {
    pictures.querySelector('summary img').src = event.target.nextElementSibling.src
  }
})

startIdleWarning(document.getElementById('idle-warning'))

// Warns before the session ends for want of use. Every tab shares one clock, so that work in one keeps all alive.
function startIdleWarning(dialog) {
  if (!(dialog instanceof HTMLDialogElement)) {
    return
  }
  const lasts = Number(dialog.dataset.sessionSeconds) * 1000
  const warnsBefore = Number(dialog.dataset.warningSeconds) * 1000
  const key = 'phb-register-last-request'
  const stay = dialog.querySelector('[data-stay-signed-in]')
  const remaining = dialog.querySelector('[data-remaining]')

  const touch = () => localStorage.setItem(key, String(Date.now()))
  const left = () => lasts - (Date.now() - Number(localStorage.getItem(key)))
  const close = () => dialog.open && dialog.close()

  async function staySignedIn() {
    const response = await fetch(stay.form.action, {
      method: 'POST',
      body: new FormData(stay.form),
      redirect: 'manual',
    })
    if (response.ok) {
      touch()
      close()
    } else {
      signInAgain()
    }
  }

  function check() {
    if (left() <= 0) {
      // The server has ended the session by now: asking for the page leads to signing in, and back here.
      signInAgain()
      return
    }
    if (left() > warnsBefore) {
      close()
      return
    }
    const minutes = Math.ceil(left() / 60000)
    const text = minutes === 1 ? '1 minute' : `${minutes} minutes`
    if (remaining.textContent !== text) {
      remaining.textContent = text
    }
    if (!dialog.open) {
      dialog.showModal()
    }
  }

  // By GET, whatever made this page: a reload would offer to send the form again.
  const signInAgain = () => window.location.assign(window.location.pathname + window.location.search)

  touch()
  document.addEventListener('htmx:afterRequest', touch)
  stay.form.addEventListener('submit', (event) => {
    event.preventDefault()
    staySignedIn()
  })
  // Escape means the same as the button: the person is there.
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault()
    staySignedIn()
  })
  window.setInterval(check, 5000)
}
