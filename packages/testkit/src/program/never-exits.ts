// Says that it is up, then waits forever. Ends by the first signal.
console.log('{"ready":true}');
setInterval(() => {}, 60_000);
