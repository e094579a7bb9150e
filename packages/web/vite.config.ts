import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const contract = new URL('../contract/src/', import.meta.url)

interface Said {
  method: string
  path: string
  kind: string
}
const isSaid = (value: unknown): value is Said => typeof value === 'object' && value !== null && 'method' in value && 'path' in value

/**
 * The browser needs of an endpoint only how it is called. The contract itself would bring zod and every schema into the first view, so this
 * reads it at build time and hands the web a table `module.name` -> [method, path, kind]; the types come from the contract by `import type`.
 */
function endpoints(): Plugin {
  const id = 'virtual:endpoints'
  return {
    name: 'changbai-endpoints',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    async load(resolved) {
      if (resolved !== `\0${id}`) return undefined
      const table: Record<string, [string, string, string]> = {}
      for (const file of readdirSync(contract).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
        const exported: Record<string, unknown> = await import(new URL(file, contract).href)
        for (const [name, api] of Object.entries(exported)) {
          if (!name.endsWith('Api') || typeof api !== 'object' || api === null) continue
          for (const [call, said] of Object.entries(api))
            if (isSaid(said)) table[`${name.slice(0, -3)}.${call}`] = [said.method, said.path, said.kind]
        }
      }
      return `export default ${JSON.stringify(table)}`
    },
  }
}

/** Writes `x.js.gz` beside `x.js`: the server sends it as it is instead of packing the same bytes for every visitor. */
function packed(): Plugin {
  return {
    name: 'changbai-packed',
    apply: 'build',
    // after writing: what other plugins put in at the very end must be in the packed copy too
    writeBundle({ dir = 'dist' }, bundle) {
      for (const fileName of Object.keys(bundle)) {
        if (!/\.(js|css|svg)$/.test(fileName)) continue
        const file = join(dir, fileName)
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }))
      }
    },
  }
}

export default defineConfig({
  plugins: [react(), endpoints(), packed()],
  resolve: { dedupe: ['react', 'react-dom'] },
  // the browsers of public offices: Chromium 86 and its domestic relatives
  build: {
    target: 'chrome86',
    cssTarget: 'chrome86',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // one file for the first view: fewer requests weigh more than the last kilobyte
            {
              name: 'first',
              test: /packages[\\/]contract[\\/]src[\\/]\w+\.names\.ts|packages[\\/]web[\\/]src[\\/](app[\\/](?!shell[\\/]Search|shell[\\/]search)|modules[\\/](home|tour)[\\/]|modules[\\/]incident[\\/](badge[\\/]|RunningBadge|Clocks|incidentText)|shared[\\/](?!ui[\\/]pickers))|node_modules[\\/](react|react-dom|scheduler|i18next|react-i18next|@tanstack|lucide-react)[\\/]/,
            },
            // what forms are checked with comes together: a form needs its schema and zod at once
            { name: 'contract', test: /node_modules[\\/]zod|packages[\\/]contract[\\/]src[\\/]/ },
            // whoever opens a matter looks at its forms, its steps and its orders next
            {
              name: 'work',
              test: /packages[\\/]web[\\/]src[\\/]modules[\\/](request|admission|form|provisioning|process)[\\/](?!Modeller|DiagramCanvas|wfModdle)/,
            },
            {
              name: 'bpmn',
              test: /node_modules[\\/](bpmn-js|bpmn-moddle|diagram-js|diagram-js-.*|moddle|moddle-xml|min-dash|min-dom|tiny-svg|didi|ids|saxen|component-event|path-intersection|object-refs|hammerjs|inherits-browser|htm|preact)[\\/]/,
            },
            { name: 'echarts', test: /node_modules[\\/](echarts|zrender)[\\/]/ },
          ],
        },
      },
    },
  },
  server: { port: 5173, strictPort: true, proxy: { '/api': process.env.API_URL ?? 'http://127.0.0.1:3000' } },
})
