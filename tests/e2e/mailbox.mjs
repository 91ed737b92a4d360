// mailbox.mjs - a mail server on loopback that keeps what it is given: `{port, mails, next(), close()}`.
import { createServer } from 'node:net'

const decoded = (mail) => Buffer.from(mail.slice(mail.indexOf('\r\n\r\n') + 4).replace(/\r\n/g, ''), 'base64').toString('utf8')

export async function mailbox() {
  const mails = []
  const waiting = []
  const server = createServer((socket) => {
    let kept = ''
    let to = ''
    let in_mail = false
    socket.setEncoding('latin1')
    socket.on('error', () => undefined)
    socket.write('220 test\r\n')
    socket.on('data', (part) => {
      kept += part
      for (;;) {
        const end = in_mail ? kept.indexOf('\r\n.\r\n') : kept.indexOf('\r\n')
        if (end < 0) return
        const text = kept.slice(0, end)
        kept = kept.slice(end + (in_mail ? 5 : 2))
        if (in_mail) {
          in_mail = false
          const mail = { to, head: text.slice(0, text.indexOf('\r\n\r\n')), text: decoded(text) }
          mails.push(mail)
          waiting.shift()?.(mail)
          socket.write('250 taken\r\n')
        } else if (/^EHLO/i.test(text)) socket.write('250-test\r\n250 8BITMIME\r\n')
        else if (/^RCPT/i.test(text)) { to = /<(.*)>/.exec(text)?.[1] ?? ''; socket.write('250 ok\r\n') }
        else if (/^DATA/i.test(text)) { in_mail = true; socket.write('354 go on\r\n') }
        else if (/^QUIT/i.test(text)) socket.end('221 bye\r\n')
        else socket.write('250 ok\r\n')
      }
    })
  })
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    port: server.address().port,
    mails,
    /** The next mail that comes. */
    next: () => new Promise((came) => waiting.push(came)),
    close: () => new Promise((closed) => server.close(closed)),
  }
}

/** The lines of a configuration that send mails to it. */
export const mail_settings = ({ port }) => [
  'origin: http://127.0.0.1:1', `messages: {mail: {server: 127.0.0.1, port: ${port}, security: none, from: county@example.gov}}`,
]
