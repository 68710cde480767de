//! What a message is to be received in lives as long as the message, and nobody else has it.

use ring3::{STDIN, consts::Msg, io::IoSliceMut, sys, sys::RecvMsg};

fn main() {
    let mut bytes = [0; 16];
    let mut slices = [IoSliceMut::new(&mut bytes)];
    let mut message = {
        let mut control = [0; 64];
        RecvMsg::new(&mut slices, &mut control)
    };
    bytes.fill(1);
    let _ = sys::recvmsg(STDIN, &mut message, Msg::empty());
}
