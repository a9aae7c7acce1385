//! Byte budget of all bodies in memory: those that are being received, and the events that wait for
//! their commit.
//!
//! Anybody can send a body, and only its signature shows whether it comes from Svix. Bodies without
//! a verified signature therefore use at most half of the budget, in two classes of a quarter each:
//! small bodies, which nearly all deliveries have, and large ones. If a class is full, the oldest
//! incomplete body of the network with the most bytes makes room. A sender that does not pause is
//! never the oldest for long, so that stalled uploads do not keep a delivery out.

use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore, SemaphorePermit},
    time::timeout,
};

/// Divisor of the budget for each class of bodies without a verified signature.
const CLASS_DIVISOR: usize = 4;

/// Maximum size of a small body in bytes.
const SMALL_BODY: usize = 64 << 10;

/// Maximum time that a body waits for room in its class.
const ROOM_TIMEOUT: Duration = Duration::from_secs(1);

/// The budget has no room for a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetFull;

/// Byte budget. Clones share it.
#[derive(Clone, Debug)]
pub struct ByteBudget(Arc<Budget>);

#[derive(Debug)]
struct Budget {
    capacity: usize,
    free: Arc<Semaphore>,
    small: Class,
    large: Class,
    /// Turn to verify a large body. One at a time, so that the verification of large bodies leaves
    /// the other threads to small ones.
    verification: Semaphore,
}

/// Bodies of one class whose signature is not verified.
#[derive(Debug)]
struct Class {
    capacity: usize,
    free: Arc<Semaphore>,
    state: Mutex<ClassState>,
}

#[derive(Debug, Default)]
struct ClassState {
    next_number: u64,
    /// Incomplete bodies, from the oldest to the newest.
    incomplete: BTreeMap<u64, IncompleteBody>,
    /// Bytes of the incomplete bodies, by network.
    networks: HashMap<Option<IpAddr>, usize>,
    /// Bytes of bodies that were told to make room and have not done so yet.
    leaving: usize,
    /// Bytes that wait for room.
    waiting: usize,
}

#[derive(Debug)]
struct IncompleteBody {
    network: Option<IpAddr>,
    bytes: usize,
    evicted: Arc<Notify>,
}

impl ByteBudget {
    /// Creates a budget of `capacity` bytes.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let capacity = capacity.min(Semaphore::MAX_PERMITS);
        let class = || {
            let capacity = capacity / CLASS_DIVISOR;
            let free = Arc::new(Semaphore::new(capacity));
            Class { capacity, free, state: Mutex::default() }
        };
        Self(Arc::new(Budget {
            capacity,
            free: Arc::new(Semaphore::new(capacity)),
            small: class(),
            large: class(),
            verification: Semaphore::new(1),
        }))
    }

    /// Returns the maximum number of bytes.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.0.capacity
    }

    /// Returns the number of bytes in use.
    #[must_use]
    pub fn used(&self) -> usize {
        self.0.capacity.saturating_sub(self.0.free.available_permits())
    }

    /// Starts the reservation for a body without a verified signature. It has no bytes yet.
    /// `announced` is the size of the body if it is known.
    #[must_use]
    pub fn receive(&self, peer: Option<IpAddr>, announced: Option<usize>) -> BodyReservation {
        let is_large = announced.is_none_or(|bytes| bytes > SMALL_BODY);
        let body = IncompleteBody { network: peer.map(network), bytes: 0, evicted: Arc::default() };
        let evicted = Arc::clone(&body.evicted);
        let number = self.class(is_large).lock().add(body);
        BodyReservation {
            budget: self.clone(),
            total: None,
            class: None,
            is_large,
            is_complete: false,
            number,
            evicted,
        }
    }

    /// Waits for room for the event of a verified sender or of the service itself.
    pub(super) async fn reserve(&self, bytes: usize) -> EventReservation {
        let permits = permits(bytes.min(self.0.capacity));
        EventReservation(Arc::clone(&self.0.free).acquire_many_owned(permits).await.ok())
    }

    fn class(&self, is_large: bool) -> &Class {
        if is_large { &self.0.large } else { &self.0.small }
    }
}

/// Bytes of a body whose signature is not verified. They are released when it is dropped.
#[derive(Debug)]
pub struct BodyReservation {
    budget: ByteBudget,
    // Released before the permit of the class, for which others wait.
    total: Option<OwnedSemaphorePermit>,
    class: Option<OwnedSemaphorePermit>,
    is_large: bool,
    /// Whether the body is complete, and does not make room for others.
    is_complete: bool,
    number: u64,
    evicted: Arc<Notify>,
}

impl BodyReservation {
    /// Reserves further bytes. If there is no room, other bodies make room, or the reservation
    /// waits for at most a second.
    ///
    /// # Errors
    /// Returns an error if there is no room.
    pub async fn grow(&mut self, bytes: usize) -> Result<(), BudgetFull> {
        let class = self.class_permit(bytes).await?;
        let free = Arc::clone(&self.budget.0.free);
        let total = free.try_acquire_many_owned(permits(bytes)).map_err(|_| BudgetFull)?;
        merge(&mut self.total, total);
        merge(&mut self.class, class);
        self.budget.class(self.is_large).lock().grow(self.number, bytes);
        Ok(())
    }

    async fn class_permit(&self, bytes: usize) -> Result<OwnedSemaphorePermit, BudgetFull> {
        let class = self.budget.class(self.is_large);
        let free = Arc::clone(&class.free);
        if let Ok(permit) = Arc::clone(&free).try_acquire_many_owned(permits(bytes)) {
            return Ok(permit);
        }
        {
            let mut state = class.lock();
            // Those who wait use memory too, so they are not more than those who have room.
            if state.waiting + bytes > class.capacity {
                return Err(BudgetFull);
            }
            state.make_room(self.number, bytes, free.available_permits());
        }
        let _waiting = Waiting { class, bytes };
        let acquired = timeout(ROOM_TIMEOUT, free.acquire_many_owned(permits(bytes))).await;
        acquired.ok().and_then(Result::ok).ok_or(BudgetFull)
    }

    /// Returns a future that is ready when the body must make room.
    pub fn evicted(&self) -> impl Future<Output = ()> + use<> {
        let evicted = Arc::clone(&self.evicted);
        async move { evicted.notified().await }
    }

    /// Marks the body as complete. From then on, it does not make room for others.
    pub fn complete(&mut self) {
        let removed = self.budget.class(self.is_large).lock().remove(self.number);
        self.is_complete = removed.is_some();
    }

    /// Waits until the body can be verified. Large bodies are verified one at a time.
    pub async fn verification_turn(&self) -> Option<SemaphorePermit<'_>> {
        match self.is_large {
            true => self.budget.0.verification.acquire().await.ok(),
            false => None,
        }
    }

    /// Converts the reservation after the signature was verified.
    #[must_use]
    pub fn into_verified(mut self) -> EventReservation {
        EventReservation(self.total.take())
    }
}

impl Drop for BodyReservation {
    fn drop(&mut self) {
        let bytes = self.class.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let mut class = self.budget.class(self.is_large).lock();
        let is_evicted = class.remove(self.number).is_none() && !self.is_complete;
        if is_evicted {
            class.leaving = class.leaving.saturating_sub(bytes);
        }
    }
}

/// Bytes of an event until its commit.
#[derive(Debug, Default)]
pub struct EventReservation(Option<OwnedSemaphorePermit>);

impl EventReservation {
    /// Reserves further bytes from the same budget without waiting.
    pub(super) fn grow(&mut self, budget: &ByteBudget, bytes: usize) -> Result<(), BudgetFull> {
        let free = Arc::clone(&budget.0.free);
        let more = free.try_acquire_many_owned(permits(bytes)).map_err(|_| BudgetFull)?;
        merge(&mut self.0, more);
        Ok(())
    }
}

/// Bytes that wait for room in their class, until the wait ends.
struct Waiting<'a> {
    class: &'a Class,
    bytes: usize,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut class = self.class.lock();
        class.waiting = class.waiting.saturating_sub(self.bytes);
    }
}

impl Class {
    fn lock(&self) -> MutexGuard<'_, ClassState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClassState {
    fn add(&mut self, body: IncompleteBody) -> u64 {
        self.next_number += 1;
        self.incomplete.insert(self.next_number, body);
        self.next_number
    }

    fn grow(&mut self, number: u64, bytes: usize) {
        // A body that was told to make room is no longer counted.
        let Some(body) = self.incomplete.get_mut(&number) else { return };
        body.bytes += bytes;
        *self.networks.entry(body.network).or_default() += bytes;
    }

    fn remove(&mut self, number: u64) -> Option<IncompleteBody> {
        let body = self.incomplete.remove(&number)?;
        if let Some(bytes) = self.networks.get_mut(&body.network) {
            *bytes = bytes.saturating_sub(body.bytes);
            if *bytes == 0 {
                self.networks.remove(&body.network);
            }
        }
        Some(body)
    }

    /// Tells the oldest bodies to make room for `bytes` of the body `number`, first those of the
    /// network with the most bytes.
    fn make_room(&mut self, number: u64, bytes: usize, free: usize) {
        self.waiting += bytes;
        while self.waiting > free + self.leaving {
            let heaviest = self.networks.iter().max_by_key(|(_, bytes)| **bytes);
            let Some(network) = heaviest.map(|(network, _)| *network) else { return };
            let oldest = self.incomplete.iter().find(|(other, body)| {
                **other != number && body.network == network && body.bytes > 0
            });
            let Some(oldest) = oldest.map(|(number, _)| *number) else { return };
            let Some(body) = self.remove(oldest) else { return };
            self.leaving += body.bytes;
            body.evicted.notify_one();
        }
    }
}

/// Returns the network of an address: an IPv4 address, or the first 64 bits of an IPv6 address,
/// which one host has as a whole.
fn network(address: IpAddr) -> IpAddr {
    const HOST_BITS: u32 = 64;
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let bits = u128::from(address) >> HOST_BITS << HOST_BITS;
            IpAddr::V6(bits.into())
        }
    }
}

fn permits(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

fn merge(all: &mut Option<OwnedSemaphorePermit>, more: OwnedSemaphorePermit) {
    match all {
        Some(all) => all.merge(more),
        None => *all = Some(more),
    }
}

#[cfg(test)]
mod tests;
