//! A program of std with `Heap` for its global allocator: blocks that one thread allocates and another checks and frees, in all sizes.

use ring3::heap::Heap;
use std::sync::mpsc;
use std::thread;

#[global_allocator]
static HEAP: Heap = Heap::new();

const THREADS: usize = 4;
const BLOCKS: usize = 20_000;

fn main() {
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..THREADS).map(|_| mpsc::channel::<Vec<u8>>()).unzip();
    let threads: Vec<_> = receivers
        .into_iter()
        .enumerate()
        .map(|(id, receiver)| {
            let senders = senders.clone();
            thread::spawn(move || {
                let mut state = id as u32 + 1;
                let mut checked = 0;
                for number in 0..BLOCKS {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let length = (state >> 8) as usize % [100, 5000, 200_000][usize::from(number % 50 == 0) + usize::from(number % 500 == 0)];
                    let mut block = Vec::new();
                    block.resize(length / 2, id as u8);
                    block.resize(length, id as u8);
                    senders[(id + number) % THREADS].send(block).unwrap();
                    while let Ok(block) = receiver.try_recv() {
                        assert!(block.windows(2).all(|pair| pair[0] == pair[1]), "a block of two threads");
                        checked += 1;
                    }
                }
                drop(senders);
                (receiver, checked)
            })
        })
        .collect();
    drop(senders);
    let total: usize = threads
        .into_iter()
        .map(|thread| {
            let (receiver, checked) = thread.join().unwrap();
            checked + receiver.into_iter().count()
        })
        .sum();
    println!("{total} blocks");
}
