import '../shared/older.ts'
import './../shared/ui/fonts.css'
import './../shared/ui/ui.css'
import './shell/shell.css'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { isPassing } from '../shared/problem.ts'
import { applyPalette } from '../shared/theme.ts'
import { createAppRouter } from './router.tsx'
import { noteFailure, noteSuccess } from './shell/reach.ts'

applyPalette()

const client = new QueryClient({
  queryCache: new QueryCache({ onError: noteFailure, onSuccess: noteSuccess }),
  mutationCache: new MutationCache({ onError: noteFailure, onSuccess: noteSuccess }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) => isPassing(error) && failures < 2,
    },
  },
})

const box = document.getElementById('root')
if (!box) throw new Error('the page has no #root')
createRoot(box).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={createAppRouter()} />
    </QueryClientProvider>
  </StrictMode>,
)

// the shell opens without a network; on a page served without HTTPS there is no such thing and nothing is lost
if (import.meta.env.PROD && 'serviceWorker' in navigator) navigator.serviceWorker.register('/sw.js').catch(() => {})
