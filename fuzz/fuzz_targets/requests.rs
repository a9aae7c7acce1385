#![no_main]

meetvo_fuzz::guided!(meetvo_fuzz::guided::requests);
