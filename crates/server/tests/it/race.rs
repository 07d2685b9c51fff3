//! 40 clients race for 5 seats, in many rounds.

use std::net::TcpStream;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use keystead_server::listen;
use keystead_testkit::{Device, Http};
use serde_json::json;

use crate::world::{World, activation};

const CLIENTS: u32 = 40;
const SEATS: usize = 5;

#[test]
fn forty_clients_race_for_five_seats_and_five_get_one() {
    for world in World::each() {
        let rounds =
            std::env::var("KEYSTEAD_RACE_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(200);
        world.product("studio", json!({ "seats": SEATS }));
        let keys = world.keys("studio", rounds);
        let clients: Vec<Http> = (0..CLIENTS).map(|_| Http::new(&world.server)).collect();
        let start = Barrier::new(CLIENTS as usize);
        let answers: Vec<Vec<(u16, String)>> = thread::scope(|scope| {
            let racers: Vec<_> = (0..CLIENTS)
                .map(|number| {
                    let (http, start, keys) = (&clients[number as usize], &start, &keys);
                    scope.spawn(move || {
                        let race = |(round, key): (usize, &String)| {
                            let device = Device::new(1 + number + CLIENTS * round as u32);
                            start.wait();
                            let reply = http.send(&activation(&device, key)).unwrap();
                            (reply.status, reply.code())
                        };
                        keys.iter().enumerate().map(race).collect()
                    })
                })
                .collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        for round in 0..keys.len() {
            let outcomes: Vec<&(u16, String)> = answers.iter().map(|answers| &answers[round]).collect();
            let granted = outcomes.iter().filter(|(status, _)| *status == 201).count();
            let refused = outcomes.iter().filter(|(_, code)| code == "no_free_seat").count();
            assert_eq!((granted, refused), (SEATS, CLIENTS as usize - SEATS), "round {round}: {outcomes:?}");
        }
    }
}

#[test]
fn devices_that_come_all_at_once_are_kept_waiting_and_not_turned_away() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // The listener does not accept connections yet, as directly after a restart.
    let waiting = runtime.block_on(async { listen(([127, 0, 0, 1], 0).into()) }).unwrap();
    let address = waiting.local_addr().unwrap();
    let allowed = std::fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap();
    let devices = allowed.trim().parse().map_or(300, |allowed: usize| allowed.min(300));
    let connect = |_| TcpStream::connect_timeout(&address, Duration::from_secs(2));
    let connected: Result<Vec<TcpStream>, _> = (0..devices).map(connect).collect();
    assert_eq!(connected.unwrap().len(), devices);
}
