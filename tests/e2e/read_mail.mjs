// Reads mails with mailparser (npm), which kigen has no part in, and prints what it holds of each as JSON: read_mail.mjs FILE...
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(new URL('../node_modules/', import.meta.url))
const { simpleParser } = require('mailparser')

const mailbox = field => field?.value.map(one => [one.name, one.address]) ?? null
const sha256 = data => createHash('sha256').update(data).digest('hex')

const mails = []
for (const path of process.argv.slice(2)) {
  const mail = await simpleParser(readFileSync(path), { skipImageLinks: true, skipTextToHtml: true, skipTextLinks: true })
  mails.push({
    from: mailbox(mail.from),
    to: mailbox(mail.to),
    reply_to: mailbox(mail.replyTo),
    subject: mail.subject,
    date: mail.date.toISOString(),
    message_id: mail.messageId,
    headers: [...mail.headers.keys()],
    text: mail.text,
    html: mail.html,
    attachments: mail.attachments.map(part => [part.filename, part.contentType, part.contentDisposition, sha256(part.content)])
  })
}
console.log(JSON.stringify(mails))
