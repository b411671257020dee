//! A client so light that it is not what is measured: HTTP/1.1 over connections that stay open, on one thread.
//!
//! One thread of a process of its own, so that the service has the rest of the machine, as far as there is a rest.
//! An answer is read as far as its status and length; its body is handed on and not understood.

use std::{
    cell::{Cell, RefCell},
    io,
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, runtime, task::LocalSet};

/// Writes the whole request of this number.
pub type Write<'a> = &'a dyn Fn(u64, &mut Vec<u8>);
/// Looks at an answer: the number of the request, the status, the body, and the time since the request was due.
pub type Look<'a> = &'a dyn Fn(u64, u16, &[u8], Duration);

/// What came of a stretch of requests.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// Requests answered.
    pub answered: u64,
    /// How long the stretch took.
    pub took: Duration,
    /// Each answer's time in microseconds, ascending.
    pub micros: Vec<u32>,
}

impl Measured {
    /// Answers a second.
    pub fn rate(&self) -> f64 {
        let answered = u32::try_from(self.answered).unwrap_or(u32::MAX);
        f64::from(answered) / self.took.as_secs_f64()
    }

    /// The time in microseconds within which this share of the answers came.
    pub fn within(&self, share: f64) -> f64 {
        super::table::quantile(&self.micros, share)
    }
}

/// Connections to one service.
pub struct Client {
    runtime: runtime::Runtime,
    address: SocketAddr,
    connections: RefCell<Vec<Connection>>,
    next: Cell<u64>,
}

impl Client {
    /// A client of the service at `url`, which has no path. Its requests are numbered from `first`.
    pub fn new(url: &str, first: u64) -> Self {
        let address = url.trim_start_matches("http://").parse();
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        Self {
            runtime: runtime.expect("a runtime"),
            address: address.expect("an address"),
            connections: RefCell::default(),
            next: Cell::new(first),
        }
    }

    /// So many connections ask for so long, each as soon as it has its answer. Every answer must have `status`.
    pub fn closed(
        &self,
        clients: usize,
        time: Duration,
        status: u16,
        write: Write<'_>,
    ) -> Measured {
        let micros = RefCell::new(Vec::new());
        let began = Instant::now();
        self.runtime.block_on(async {
            let mut connections: Vec<Connection> =
                self.connections.borrow_mut().drain(..).collect();
            while connections.len() < clients {
                let opened = Connection::open(self.address).await;
                connections.push(opened.expect("the service takes connections"));
            }
            let rest = connections.split_off(clients);
            let asking = connections.into_iter().map(|mut connection| {
                let micros = &micros;
                async move {
                    while began.elapsed() < time {
                        let number = self.next.replace(self.next.get() + 1);
                        let asked = Instant::now();
                        let answer = connection.ask(number, write).await;
                        let (found, body) = answer.expect("the service answers");
                        micros.borrow_mut().push(whole_micros(asked.elapsed()));
                        assert_eq!(found, status, "{}", String::from_utf8_lossy(body));
                    }
                    connection
                }
            });
            let mut connections = futures_util::future::join_all(asking).await;
            connections.extend(rest);
            self.connections.replace(connections);
        });
        let mut micros = micros.into_inner();
        micros.sort_unstable();
        Measured {
            answered: micros.len() as u64,
            took: began.elapsed(),
            micros,
        }
    }

    /// One answer, whole.
    pub fn once(&self, write: Write<'_>) -> (u16, Vec<u8>) {
        self.runtime.block_on(async {
            let mut connection = Connection::open(self.address).await.expect("a connection");
            let (status, body) = connection.ask(0, write).await.expect("an answer");
            (status, body.to_vec())
        })
    }
}

/// A load that arrives by the clock, however long answers take.
pub struct Arrivals<'a> {
    /// Where the service is just now; it may move when it is started anew.
    pub address: &'a Cell<SocketAddr>,
    /// Arrivals a second.
    pub rate: f64,
    /// For how long.
    pub time: Duration,
    /// The most requests on their way at a time; what arrives beyond that waits, and its waiting counts.
    pub connections: usize,
}

impl Arrivals<'_> {
    /// Sends all of them. An answer's time counts from the instant its request was due, so a stall counts for all who
    /// would have come meanwhile. A request whose connection fails is sent again until it is answered.
    pub fn run(&self, write: Write<'_>, look: Look<'_>, tick: &dyn Fn(Duration)) -> Arrived {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let arrived = Rc::new(Cell::new(Arrived::default()));
        let next = Cell::new(0_u64);
        let began = Instant::now();
        runtime
            .expect("a runtime")
            .block_on(LocalSet::new().run_until(async {
                let senders = (0..self.connections).map(|_| async {
                    let mut connection = None;
                    loop {
                        let number = next.replace(next.get() + 1);
                        #[expect(
                            clippy::cast_precision_loss,
                            reason = "far fewer arrivals than 2^52"
                        )]
                        let due = Duration::from_secs_f64(number as f64 / self.rate);
                        if due >= self.time {
                            return;
                        }
                        tokio::time::sleep_until((began + due).into()).await;
                        let told = |status, body: &[u8]| {
                            look(number, status, body, began.elapsed().saturating_sub(due));
                        };
                        let again = self.send(&mut connection, number, write, &told).await;
                        let mut counts = arrived.get();
                        counts.sent += 1;
                        counts.sent_again += again;
                        arrived.set(counts);
                    }
                });
                let clock = async {
                    let mut seconds = tokio::time::interval(Duration::from_secs(1));
                    loop {
                        seconds.tick().await;
                        tick(began.elapsed());
                    }
                };
                tokio::select! {
                    _ = futures_util::future::join_all(senders) => {}
                    () = clock => {}
                }
            }));
        arrived.get()
    }

    /// Sends one until it is answered; how often it had to be sent again.
    async fn send(
        &self,
        place: &mut Option<Connection>,
        number: u64,
        write: Write<'_>,
        look: &dyn Fn(u16, &[u8]),
    ) -> u64 {
        let mut again = 0;
        loop {
            if place.is_none() {
                *place = Connection::open(self.address.get()).await.ok();
            }
            if let Some(connection) = place {
                match connection.ask(number, write).await {
                    // Stopping, read-only for a moment, or the first delivery is still being worked through.
                    Ok((503 | 409, _)) => {}
                    Ok((status, body)) => {
                        look(status, body);
                        return again;
                    }
                    Err(_) => *place = None,
                }
            }
            again += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// What came of a load.
#[derive(Debug, Clone, Copy, Default)]
pub struct Arrived {
    /// Requests answered in the end.
    pub sent: u64,
    /// How often one was sent again because its connection failed or the service was stopping.
    pub sent_again: u64,
}

struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            request: Vec::new(),
            answer: Vec::new(),
        })
    }

    /// The status and the body of the answer.
    async fn ask(&mut self, number: u64, write: Write<'_>) -> io::Result<(u16, &[u8])> {
        self.request.clear();
        write(number, &mut self.request);
        let mut sent = 0;
        while sent < self.request.len() {
            match self.stream.try_write(&self.request[sent..]) {
                Ok(count) => sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.stream.writable().await?;
                }
                Err(error) => return Err(error),
            }
        }
        self.answer.clear();
        loop {
            self.stream.readable().await?;
            match self.stream.try_read_buf(&mut self.answer) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
                Err(error) => return Err(error),
            }
            if let Some((status, start, length)) = head(&self.answer)?
                && self.answer.len() >= start + length
            {
                return Ok((status, &self.answer[start..start + length]));
            }
        }
    }
}

/// Status, start of the body and its length, once the headers are whole.
fn head(answer: &[u8]) -> io::Result<Option<(u16, usize, usize)>> {
    let Some(end) = memchr::memmem::find(answer, b"\r\n\r\n") else {
        return Ok(None);
    };
    let strange = || io::Error::from(io::ErrorKind::InvalidData);
    let text = std::str::from_utf8(&answer[..end]).map_err(|_| strange())?;
    let status = text.get(9..12).and_then(|status| status.parse().ok());
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    Ok(Some((
        status.ok_or_else(strange)?,
        end + 4,
        length.ok_or_else(strange)?,
    )))
}

/// A whole request.
pub fn request(into: &mut Vec<u8>, method: &str, path: &str, headers: &str, body: &str) {
    use std::io::Write as _;
    let length = body.len();
    let written = write!(
        into,
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    );
    written.expect("memory takes it");
}

fn whole_micros(time: Duration) -> u32 {
    u32::try_from(time.as_micros()).unwrap_or(u32::MAX)
}
