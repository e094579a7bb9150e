import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

export interface IdentityProvider {
  issuer: string
  clientId: string
  clientSecret: string
  /** Walks a browser's way through the provider's own pages as `account`; returns the address it sends the browser back to. */
  signIn(authorizationUrl: string, account: string): Promise<URL>
  stop(): Promise<void>
}

/** Cookies and redirects as a browser keeps them; forms are sent by hand. */
function createBrowser() {
  const jar = new Map<string, string>()
  return async (url: string, form?: Record<string, string>): Promise<Response> => {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      jar.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return answer
  }
}

/** A real OpenID Connect provider on loopback, with its own sign-in and consent pages; an account's name is its user name. */
export async function startIdentityProvider(redirectUri: string): Promise<IdentityProvider> {
  const clientId = 'changbai'
  const clientSecret = 'a-secret-of-the-test-only-0123456789'
  const server = createServer((request, response) => callback(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], profile: ['preferred_username'] },
    cookies: { keys: ['a key for the test only'] },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id }),
    }),
  })
  const callback = provider.callback()

  return {
    issuer,
    clientId,
    clientSecret,
    async signIn(authorizationUrl, account) {
      const visit = createBrowser()
      let at = authorizationUrl
      for (let step = 0; step < 12; step += 1) {
        if (at.startsWith(redirectUri)) return new URL(at)
        let answer = await visit(at)
        if (answer.status === 200) {
          const prompt = /name="prompt" value="(\w+)"/.exec(await answer.text())?.[1] ?? 'login'
          answer = await visit(at, prompt === 'login' ? { prompt, login: account, password: 'any' } : { prompt })
        }
        const next = answer.headers.get('location')
        if (!next) throw new Error(`the provider answered ${answer.status} at ${at}: ${(await answer.text()).slice(0, 200)}`)
        at = new URL(next, at).href
      }
      throw new Error('the provider does not come to an end')
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
