// The one way into IndexedDB. `opened("portal", "forms")` returns a function that runs
// `act(objectStore)` in a transaction of `mode` and resolves to the result of its request.
export function opened(database, name, options) {
  return (mode, act) =>
    new Promise((done, fail) => {
      const opening = indexedDB.open(database, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(name, options);
      opening.onerror = () => fail(opening.error);
      opening.onsuccess = () => {
        const transaction = opening.result.transaction(name, mode);
        const request = act(transaction.objectStore(name));
        transaction.oncomplete = () => done(request.result);
        transaction.onerror = () => fail(transaction.error);
      };
    });
}
