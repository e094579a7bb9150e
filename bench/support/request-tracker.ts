import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connections, type Load, load, treeSeconds } from './load.ts'

/** Request Tracker 5 over REST2, a session a connection; `folder` holds the process ids of its parts. */
export async function openTracker(url: string, folder: string) {
  const roots = ['rt-nginx', 'rt', 'pg'].map((name) => Number(readFileSync(join(folder, `${name}.pid`), 'utf8')))
  const signIn = async (): Promise<string> => {
    const answer = await fetch(`${url}/NoAuth/Login.html`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'user=root&pass=password',
    })
    return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  }
  const sessions = await Promise.all(Array.from({ length: 16 }, signIn))
  const { call } = connections(`${url}/REST/2.0`, (conn) => ({ cookie: sessions[conn] ?? '' }))
  const run = (calls: number, callers: number, work: (i: number, conn: number) => Promise<unknown>): Promise<Load> =>
    load(calls, callers, work, () => treeSeconds(roots), false)
  const text = 'The service monitor reported this state at the node. Please look at it and act. '.repeat(4)
  const active = `query=${encodeURIComponent("Status='__Active__'")}&orderby=Due&order=ASC`
  const created: number[] = []
  let next = 0
  return {
    create: (calls: number, callers: number) =>
      run(calls, callers, async (i, conn) => {
        const answer = await call(conn, 'POST', '/ticket', {
          Queue: ['Network', 'Storage', 'Compute', 'Database', 'Security'][i % 5],
          Subject: `Incident: disk almost full on node-${i}`,
          Content: text,
          ContentType: 'text/plain',
          Priority: '50',
          Requestor: `user${1 + (i % 200)}@example.gov`,
        })
        created.push(Number((JSON.parse(answer) as { id: string }).id))
      }),
    update: (calls: number, callers: number) =>
      run(calls, callers, (_, conn) =>
        call(conn, 'POST', `/ticket/${created[next++]}/comment`, {
          Content: 'Looked at it; waiting for the supplier to answer.',
          ContentType: 'text/plain',
          Status: 'stalled',
        }),
      ),
    list: (calls: number, callers: number) =>
      run(calls, callers, (_, conn) => call(conn, 'GET', `/tickets?${active}&per_page=50&fields=Subject,Status,Due,Priority,Owner,Queue`)),
  }
}
