import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const SERVER = process.env['BATON_DEV_SERVER'] ?? 'http://127.0.0.1:22866';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  server: {
    port: 22867,
    // The server compares Host and Origin, so the proxy has to look like the page it serves itself.
    proxy: { '/api': { target: SERVER, ws: true, changeOrigin: true, rewriteWsOrigin: true } },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // The content security policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
});
