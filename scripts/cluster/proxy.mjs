import { existsSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { onPath } from './programs.mjs'

/** HAProxy with the settings of deploy/haproxy.cfg, on other ports. */
export function startHaproxy(programs, folder, { front, backs, database }) {
  const file = join(folder, 'haproxy.cfg')
  writeFileSync(
    file,
    `global
  maxconn 2000
defaults
  mode http
  timeout connect 2s
  timeout client 70m
  timeout server 70m
  timeout http-request 10s
  retries 3
  option redispatch
  retry-on conn-failure empty-response 503
frontend changbai
  bind 127.0.0.1:${front}
  default_backend changbai
backend changbai
  balance leastconn
  option httpchk GET /readyz
  timeout check 3s
  default-server check inter 1s fastinter 200ms fall 3 rise 2
${backs.map((port) => `  server at${port} 127.0.0.1:${port}`).join('\n')}
${
  database
    ? `listen database
  mode tcp
  bind 127.0.0.1:${database.front}
  timeout client 70m
  timeout server 70m
  option httpchk OPTIONS /primary
  http-check expect status 200
  default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
${database.members.map(({ port, rest }) => `  server at${port} 127.0.0.1:${port} check port ${rest}`).join('\n')}
`
    : ''
}`,
  )
  return programs.start('haproxy', 'haproxy', ['-db', '-f', file])
}

/**
 * Where HAProxy is not installed: a balancer of connections, checked on /readyz every second. It knows nothing of HTTP, so a connection that breaks
 * is the caller's to make anew.
 */
function startTcpProxy({ front, backs }) {
  const ready = new Map(backs.map((port) => [port, false]))
  const timer = setInterval(() => {
    for (const port of backs)
      fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(900) }).then(
        (answer) => ready.set(port, answer.ok),
        () => ready.set(port, false),
      )
  }, 1_000)
  let turn = 0
  const server = createServer((inner) => {
    const open = backs.filter((port) => ready.get(port))
    turn += 1
    const port = open[turn % Math.max(1, open.length)]
    if (port === undefined) return inner.destroy()
    const outer = connect(port, '127.0.0.1')
    inner.on('error', () => outer.destroy())
    outer.on('error', () => inner.destroy())
    inner.pipe(outer).pipe(inner)
  }).listen(front, '127.0.0.1')
  return {
    signal() {
      clearInterval(timer)
      server.close()
    },
  }
}

export const proxyKind = () => (onPath('haproxy') || existsSync('/usr/sbin/haproxy') ? 'HAProxy' : 'a TCP proxy of our own')
export const startProxy = (programs, folder, parts) =>
  proxyKind() === 'HAProxy' ? startHaproxy(programs, folder, parts) : startTcpProxy(parts)
