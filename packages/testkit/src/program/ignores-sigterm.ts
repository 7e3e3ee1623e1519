// Only SIGKILL ends it.
process.on('SIGINT', () => console.log('{"got":"SIGINT"}'));
process.on('SIGTERM', () => console.log('{"got":"SIGTERM"}'));
console.log('{"ready":true}');
setInterval(() => {}, 60_000);
