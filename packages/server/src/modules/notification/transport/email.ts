import { createTransport } from 'nodemailer'
import { type Message, SEND_MILLISECONDS, SendError, type SettingsOf } from './transport.ts'

/** Hands the message to the mail server; the Message-ID is the same in every try, so that a repeat can be recognised. */
export async function sendEmail(settings: SettingsOf<'EMAIL'>, secret: string, message: Message): Promise<void> {
  const transport = createTransport({
    host: settings.host,
    port: settings.port,
    secure: settings.tls === 'implicit',
    requireTLS: settings.tls === 'starttls',
    ignoreTLS: settings.tls === 'none',
    ...(settings.user ? { auth: { user: settings.user, pass: secret } } : {}),
    connectionTimeout: SEND_MILLISECONDS,
    greetingTimeout: SEND_MILLISECONDS,
    socketTimeout: SEND_MILLISECONDS,
  })
  try {
    const domain = settings.from.split('@')[1] ?? 'localhost'
    const sent = await transport.sendMail({
      messageId: `<${message.id}@${domain}>`,
      from: { name: settings.fromName, address: settings.from },
      to: message.to,
      subject: message.title,
      text: message.link ? `${message.body}\n\n${message.link}\n` : `${message.body}\n`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    if (sent.rejected.length > 0) throw new SendError(`rejected: ${sent.response}`)
  } finally {
    transport.close()
  }
}
