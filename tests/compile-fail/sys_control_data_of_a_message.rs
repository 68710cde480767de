//! Control data may hold descriptors by number, and addresses.

use ring3::sys::{self, SendMsg};

fn main() {
    let message = SendMsg::new(None, &[]).control(&[0; 24]);
    let _ = sys::sendmsg(ring3::STDOUT, &message, ring3::consts::Msg::empty());
}
