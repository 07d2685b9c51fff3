//! A network proxy between a store and PostgreSQL that fails at a chosen moment.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;

use crate::Location;

/// The fault that the proxy causes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No fault.
    Nothing,
    /// Accepts data on every connection and delivers nothing.
    Silence,
    /// Cuts the connection that sends the next commit, before the commit is delivered.
    CutBeforeCommit,
    /// Delivers the next commit and cuts the connection before the response.
    CutAfterCommit,
    /// Like [`Fault::CutAfterCommit`], but also refuses new connections. Other connections stay open.
    CutAfterCommitForGood,
    /// Like [`Fault::CutAfterCommitForGood`], but also cuts every other connection.
    CutAllAfterCommit,
    /// Drops the next commit and keeps the connection open without a response.
    LoseCommit,
}

/// A proxy in front of a PostgreSQL server.
pub struct Proxy {
    /// The location of the database through the proxy.
    pub location: Location,
    network: Arc<Network>,
}

struct Network {
    server: String,
    fault: Mutex<Fault>,
    refuses: AtomicBool,
    lines: Mutex<Vec<Weak<Line>>>,
}

impl Proxy {
    /// A proxy for the database at `location`. The connection is not encrypted.
    pub fn before(location: &Location) -> Self {
        let Location::Postgres(url) = location else { panic!("only PostgreSQL is reached over a network") };
        let (user, rest) = url.split_once('@').expect("the URL names a user");
        let (server, database) = rest.split_once('/').expect("the URL names a database");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let location = Location::Postgres(format!("{user}@{address}/{database}"));
        let network = Arc::new(Network {
            server: server.to_owned(),
            fault: Mutex::new(Fault::Nothing),
            refuses: AtomicBool::new(false),
            lines: Mutex::default(),
        });
        let listening = Arc::clone(&network);
        thread::spawn(move || listener.incoming().flatten().for_each(|client| connect(&listening, client)));
        Self { location, network }
    }

    /// Sets the next fault. [`Fault::Nothing`] restores everything except broken connections.
    pub fn set(&self, fault: Fault) {
        self.network.refuses.store(false, Ordering::SeqCst);
        self.network.set(fault);
    }
}

impl Network {
    fn fault(&self) -> Fault {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, fault: Fault) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    fn lines(&self) -> MutexGuard<'_, Vec<Weak<Line>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection through the proxy.
struct Line {
    network: Arc<Network>,
    client: TcpStream,
    server: TcpStream,
    silent: AtomicBool,
    cut_at_answer: AtomicBool,
}

fn connect(network: &Arc<Network>, client: TcpStream) {
    if network.refuses.load(Ordering::SeqCst) {
        return;
    }
    let Ok(server) = TcpStream::connect(&network.server) else { return };
    let line = Arc::new(Line {
        network: Arc::clone(network),
        client,
        server,
        silent: AtomicBool::new(false),
        cut_at_answer: AtomicBool::new(false),
    });
    network.lines().push(Arc::downgrade(&line));
    let back = Arc::clone(&line);
    thread::spawn(move || pass(&line.client, &line, Line::to_server));
    thread::spawn(move || pass(&back.server, &back, Line::to_client));
}

fn pass(mut from: &TcpStream, line: &Line, deliver: impl Fn(&Line, &[u8]) -> std::io::Result<()>) {
    let mut buffer = [0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if line.network.fault() == Fault::Silence {
            line.silent.store(true, Ordering::SeqCst);
        }
        if !line.silent.load(Ordering::SeqCst) && deliver(line, &buffer[..length]).is_err() {
            break;
        }
    }
    line.cut();
}

impl Line {
    fn to_server(&self, bytes: &[u8]) -> std::io::Result<()> {
        let fault = self.network.fault();
        if fault == Fault::Nothing || !bytes.windows(7).any(|window| window == b"COMMIT\0") {
            return (&self.server).write_all(bytes);
        }
        self.network.set(Fault::Nothing);
        match fault {
            Fault::CutBeforeCommit => return Err(std::io::ErrorKind::ConnectionReset.into()),
            Fault::LoseCommit => self.silent.store(true, Ordering::SeqCst),
            Fault::CutAfterCommit => self.cut_at_answer.store(true, Ordering::SeqCst),
            Fault::CutAfterCommitForGood | Fault::CutAllAfterCommit => {
                self.network.refuses.store(true, Ordering::SeqCst);
                self.cut_at_answer.store(true, Ordering::SeqCst);
                if fault == Fault::CutAllAfterCommit {
                    self.cut_others();
                }
            }
            Fault::Nothing | Fault::Silence => {}
        }
        if self.silent.load(Ordering::SeqCst) { Ok(()) } else { (&self.server).write_all(bytes) }
    }

    fn to_client(&self, bytes: &[u8]) -> std::io::Result<()> {
        if self.cut_at_answer.load(Ordering::SeqCst) {
            return Err(std::io::ErrorKind::ConnectionReset.into());
        }
        (&self.client).write_all(bytes)
    }

    fn cut_others(&self) {
        let lines = self.network.lines().drain(..).filter_map(|line| line.upgrade()).collect::<Vec<_>>();
        lines.iter().filter(|line| !std::ptr::eq(&***line, self)).for_each(|line| line.cut());
    }

    fn cut(&self) {
        let _ = self.client.shutdown(Shutdown::Both);
        let _ = self.server.shutdown(Shutdown::Both);
    }
}
